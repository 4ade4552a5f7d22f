/** Five classes for the share of the population that is registered. */

/** Registers differ by orders of magnitude; the scale is picked so that the map says something, and the legend gives its figures. */
const SCALES = [
  [0.005, 0.01, 0.02, 0.04],
  [0.02, 0.04, 0.06, 0.1],
  [0.05, 0.1, 0.2, 0.35],
  [0.25, 0.4, 0.55, 0.7],
]

/** @param {(number|null)[]} shares @returns {number[]} four rising limits between five classes */
export function breaksFor(shares) {
  const known = shares.filter(share => typeof share === 'number').sort((a, b) => a - b)
  if (known.length === 0) return SCALES[3]
  const high = known[Math.floor(known.length * 0.8)]
  return SCALES.find(scale => high <= scale[3] * 1.25) ?? SCALES[3]
}

/** @param {number|null|undefined} share @param {number[]} breaks @returns {number|null} 0…4, null when unknown */
export function classOf(share, breaks) {
  if (typeof share !== 'number') return null
  const index = breaks.findIndex(limit => share < limit)
  return index < 0 ? breaks.length : index
}
