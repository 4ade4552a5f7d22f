/** Positions typed by hand, latitude first as maps and GPS devices show them. */

/** @typedef {{longitude:number, latitude:number}} TypedPosition */

const ANGLE = /^([+-])?(\d+(?:[.,]\d+)?)°?(?:\s*(\d+(?:[.,]\d+)?)['’′])?(?:\s*(\d+(?:[.,]\d+)?)["”″])?\s*([NSEOW])?$/i

function angle(text) {
  const match = ANGLE.exec(text.trim())
  if (!match) return null
  const number = part => (part ? Number(part.replace(',', '.')) : 0)
  const letter = match[5]?.toUpperCase() ?? null
  const sign = match[1] === '-' || letter === 'S' || letter === 'O' || letter === 'W' ? -1 : 1
  return { value: sign * (number(match[2]) + number(match[3]) / 60 + number(match[4]) / 3600), axis: letter === null ? null : 'NS'.includes(letter) ? 'latitude' : 'longitude' }
}

function pair(text) {
  const clean = text.trim().replace(/[()[\]]/g, '')
  if (clean.includes(';')) return clean.split(';')
  const letters = /^(.+?[NSEOW])[\s,]+(.+[NSEOW])$/i.exec(clean)
  if (letters) return [letters[1], letters[2]]
  if (/^\S+\s*,\s+\S+$/.test(clean)) return clean.split(/,\s+/)
  if (/^[+-]?\d+(\.\d+)?\s*,\s*[+-]?\d+(\.\d+)?$/.test(clean)) return clean.split(',')
  if (/^\S+\s+\S+$/.test(clean)) return clean.split(/\s+/)
  return null
}

/**
 * @param {string} text "49.894, 2.295", "49,894 ; 2,295", "49°53'38\"N 2°17'42\"E"
 * @returns {TypedPosition|null} null when it is not a position on Earth
 */
export function parsePosition(text) {
  const parts = pair(text)
  if (!parts || parts.length !== 2) return null
  const [first, second] = parts.map(angle)
  if (!first || !second || (first.axis !== null && first.axis === second.axis)) return null
  const swapped = first.axis === 'longitude' || second.axis === 'latitude'
  const [latitude, longitude] = swapped ? [second.value, first.value] : [first.value, second.value]
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { longitude, latitude } : null
}

/**
 * @param {string} text one vertex per line
 * @returns {{ring:[number,number][], badLines:number[]}} the ring closed; lines counted from 1
 */
export function parseVertices(text) {
  const ring = []
  const badLines = []
  text.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === '') return
    const position = parsePosition(line)
    if (position) ring.push([position.longitude, position.latitude])
    else badLines.push(index + 1)
  })
  const [first, last] = [ring[0], ring[ring.length - 1]]
  if (ring.length > 0 && (ring.length === 1 || first[0] !== last[0] || first[1] !== last[1])) ring.push(first)
  return { ring, badLines }
}

/** @param {[number,number][]} ring closed @param {(value:number)=>string} degrees */
export const printVertices = (ring, degrees) => ring.slice(0, -1).map(([x, y]) => `${degrees(y)}, ${degrees(x)}`).join('\n')

/**
 * Whether a typed position looks as if latitude and longitude were exchanged.
 * @param {TypedPosition} position
 * @param {number[]|null} bounds [west, south, east, north] of the communes loaded
 */
export function looksSwapped({ longitude, latitude }, bounds) {
  if (!bounds) return false
  const [w, s, e, n] = [bounds[0] - 1, bounds[1] - 1, bounds[2] + 1, bounds[3] + 1]
  const within = (x, y) => x >= w && x <= e && y >= s && y <= n
  return !within(longitude, latitude) && within(latitude, longitude)
}
