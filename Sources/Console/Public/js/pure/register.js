/** The register's rules that need no page: questions, cards compared, numbers as people write them. */

/** What is asked of the server: only what narrows. @param {Record<string, any>} fields */
export function questionOf(fields) {
  const question = {}
  for (const [key, value] of Object.entries(fields)) {
    const kept = typeof value === 'string' ? value.trim() : value
    if (kept !== '' && kept !== false && kept !== null && kept !== undefined) question[key] = kept
  }
  return question
}

/** A French number in pairs; any other as it is. @param {string} address */
export function numberText(address) {
  const national = /^\+33(\d{9})$/.exec(address)
  if (!national) return address
  return `0${national[1]}`.replace(/(\d\d)(?=\d)/g, '$1 ')
}

/** Ways to reach somebody as people think of them: a mobile once, with all its channels. @param {any[]} contacts */
export function gathered(contacts) {
  const rows = []
  for (const contact of contacts) {
    const row = rows.find(one => one.address === contact.address && one.consent === (contact.consent ?? null) && one.isEmergency === contact.isEmergency)
    if (row) { row.channels.push(contact.channel); row.outcomes.push(contact) } else rows.push({ address: contact.address, channels: [contact.channel], consent: contact.consent ?? null, isEmergency: contact.isEmergency, isOfUnknownRange: contact.isOfUnknownRange, outcomes: [contact] })
  }
  return rows
}

/** The same rows as the server takes them. @param {any[]} rows */
export const scattered = rows => rows.filter(row => row.address.trim() !== '').flatMap(row =>
  (row.channels.length > 0 ? row.channels : [null]).map(channel => ({
    ...(channel ? { channel } : {}), address: row.address.trim(), isEmergency: row.isEmergency,
    ...(row.consent ? { consent: row.consent } : {}),
  })))

const SAME = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** Which fields of a card differ. @param {any} before @param {any} after @param {string[]} fields */
export const differences = (before, after, fields) => fields.filter(field => !SAME(before?.[field], after?.[field]))

/** What three hands make of a card: mine wins where only I wrote, theirs where only they did; both is a conflict. */
export function merged(base, mine, theirs, fields) {
  const result = {}, conflicts = []
  for (const field of fields) {
    const isMine = !SAME(base[field], mine[field]), isTheirs = !SAME(base[field], theirs[field])
    if (isMine && isTheirs && !SAME(mine[field], theirs[field])) conflicts.push(field)
    result[field] = isMine ? mine[field] : theirs[field]
  }
  return { result, conflicts }
}

/** A position moved by keys: metres east and north. @param {[number, number]} position @param {number} east @param {number} north @returns {[number, number]} */
export function moved([longitude, latitude], east, north) {
  const metresPerDegree = 111_320
  const round = number => Math.round(number * 1e7) / 1e7
  return [round(longitude + east / (metresPerDegree * Math.max(0.01, Math.cos(latitude * Math.PI / 180)))), round(latitude + north / metresPerDegree)]
}

/** "48.85, 2.35" or "2.35 48.85" in France: the position, longitude first; null when it is none. @param {string} text @returns {[number, number]|null} */
export function coordinates(text) {
  const parts = text.trim().split(/[;\s]+|,\s+|,(?=-?\d+\.)/).filter(Boolean).map(part => Number(part.replace(',', '.')))
  if (parts.length !== 2 || !parts.every(Number.isFinite)) return null
  const [a, b] = parts
  // Nowhere in France is a latitude below its longitude taken for one, but overseas: latitude first, as maps write it.
  const [latitude, longitude] = Math.abs(a) <= 90 && a >= 41 && a <= 52 ? [a, b] : b >= 41 && b <= 52 ? [b, a] : [a, b]
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? [longitude, latitude] : null
}
