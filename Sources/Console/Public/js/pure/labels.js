/** Where a name goes so that it does not hide a count: beside the discs, or nowhere. */

/** Vertical shifts tried in turn, in CSS pixels. */
const SHIFTS = [0, -13, 13, -22, 22, -32, 32, -42, 42, -52, 52]
/** Mean advance of a letter, as a share of the font size. */
const ADVANCE = 0.6

/**
 * @param {[number, number]} at the name's place, in pixels
 * @param {number} letters
 * @param {number} size font size in pixels
 * @param {{x:number, y:number, radius:number}[]} discs in the same pixels
 * @param {number} reach the longest shift allowed: a village's name must stay near it
 * @returns {number|null} the vertical shift to use; null when the name hits a disc wherever it goes
 */
export function nameShift(at, letters, size, discs, reach) {
  const half = (letters * size * ADVANCE) / 2
  const near = discs.filter(disc => Math.abs(disc.x - at[0]) < half + disc.radius && Math.abs(disc.y - at[1]) < disc.radius + reach + size)
  for (const shift of SHIFTS.filter(one => Math.abs(one) <= reach)) {
    const y = at[1] + shift
    const hit = near.some(disc => Math.abs(disc.y - y) < disc.radius + size * 0.55 && Math.abs(disc.x - at[0]) < half + Math.sqrt(Math.max(0, disc.radius ** 2 - Math.max(0, Math.abs(disc.y - y) - size * 0.55) ** 2)))
    if (!hit) return shift
  }
  return null
}
