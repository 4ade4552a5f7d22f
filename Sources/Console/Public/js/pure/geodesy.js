/**
 * Distances on the WGS84 ellipsoid (Vincenty's formulas), so that a circle on screen is the circle the server tests.
 * Positions are [longitude, latitude] in degrees, distances in metres.
 */

/** @typedef {[number, number]} Position */

const A = 6378137
const F = 1 / 298.257223563
const B = A * (1 - F)
const radians = degrees => (degrees * Math.PI) / 180
const degrees = angle => (angle * 180) / Math.PI

function coefficients(squaredCosine) {
  const u = (squaredCosine * (A * A - B * B)) / (B * B)
  return {
    a: 1 + (u / 16384) * (4096 + u * (-768 + u * (320 - 175 * u))),
    b: (u / 1024) * (256 + u * (-128 + u * (74 - 47 * u))),
  }
}

function correction(b, sinSigma, cosSigma, cos2M) {
  return b * sinSigma * (cos2M + (b / 4) * (cosSigma * (-1 + 2 * cos2M ** 2)
    - (b / 6) * cos2M * (-3 + 4 * sinSigma ** 2) * (-3 + 4 * cos2M ** 2)))
}

/**
 * @param {Position} from
 * @param {Position} to
 * @returns {number} metres; nearly antipodal points, where the iteration does not settle, give half the meridian
 */
export function distance(from, to) {
  const l = radians(to[0] - from[0])
  const u1 = Math.atan((1 - F) * Math.tan(radians(from[1])))
  const u2 = Math.atan((1 - F) * Math.tan(radians(to[1])))
  const [s1, c1, s2, c2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)]
  let lambda = l
  for (let round = 0; round < 100; round += 1) {
    const [sl, cl] = [Math.sin(lambda), Math.cos(lambda)]
    const sinSigma = Math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl)
    if (sinSigma === 0) return 0
    const cosSigma = s1 * s2 + c1 * c2 * cl
    const sigma = Math.atan2(sinSigma, cosSigma)
    const sinAlpha = (c1 * c2 * sl) / sinSigma
    const cos2Alpha = 1 - sinAlpha ** 2
    const cos2M = cos2Alpha === 0 ? 0 : cosSigma - (2 * s1 * s2) / cos2Alpha
    const c = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha))
    const previous = lambda
    lambda = l + (1 - c) * F * sinAlpha * (sigma + c * sinSigma * (cos2M + c * cosSigma * (-1 + 2 * cos2M ** 2)))
    if (Math.abs(lambda - previous) < 1e-12) {
      const k = coefficients(cos2Alpha)
      return B * k.a * (sigma - correction(k.b, sinSigma, cosSigma, cos2M))
    }
  }
  return Math.PI * B
}

/**
 * The point at a distance and bearing.
 * @param {Position} from
 * @param {number} metres
 * @param {number} bearing degrees clockwise from north
 * @returns {Position}
 */
export function destination(from, metres, bearing) {
  const alpha = radians(bearing)
  const [sinAlpha1, cosAlpha1] = [Math.sin(alpha), Math.cos(alpha)]
  const tanU = (1 - F) * Math.tan(radians(from[1]))
  const cosU = 1 / Math.sqrt(1 + tanU ** 2)
  const sinU = tanU * cosU
  const sigma1 = Math.atan2(tanU, cosAlpha1)
  const sinAlpha = cosU * sinAlpha1
  const cos2Alpha = 1 - sinAlpha ** 2
  const k = coefficients(cos2Alpha)
  let sigma = metres / (B * k.a)
  let [sinSigma, cosSigma, cos2M] = [0, 1, 0]
  for (let round = 0; round < 100; round += 1) {
    cos2M = Math.cos(2 * sigma1 + sigma);
    [sinSigma, cosSigma] = [Math.sin(sigma), Math.cos(sigma)]
    const previous = sigma
    sigma = metres / (B * k.a) + correction(k.b, sinSigma, cosSigma, cos2M)
    if (Math.abs(sigma - previous) < 1e-12) break
  }
  [sinSigma, cosSigma] = [Math.sin(sigma), Math.cos(sigma)]
  const x = sinU * sinSigma - cosU * cosSigma * cosAlpha1
  const latitude = Math.atan2(sinU * cosSigma + cosU * sinSigma * cosAlpha1, (1 - F) * Math.hypot(sinAlpha, x))
  const lambda = Math.atan2(sinSigma * sinAlpha1, cosU * cosSigma - sinU * sinSigma * cosAlpha1)
  const c = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha))
  const l = lambda - (1 - c) * F * sinAlpha * (sigma + c * sinSigma * (cos2M + c * cosSigma * (-1 + 2 * cos2M ** 2)))
  return [from[0] + degrees(l), degrees(latitude)]
}

/**
 * A circle as a closed ring, for display only: {centre, metres} stays the truth.
 * @param {Position} centre
 * @param {number} metres
 * @param {number} [sides]
 * @returns {Position[]}
 */
export function circleRing(centre, metres, sides = 96) {
  const ring = Array.from({ length: sides }, (_, side) => destination(centre, metres, (-360 * side) / sides))
  return [...ring, ring[0]]
}

/**
 * @param {Position} point
 * @param {Position[]} ring closed
 * @returns {boolean} whether the point is inside, boundary aside
 */
export function isInsideRing(point, ring) {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [xi, yi] = ring[i]
    const [xj, yj] = ring[j]
    if (yi > point[1] !== yj > point[1] && point[0] < ((xj - xi) * (point[1] - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}
