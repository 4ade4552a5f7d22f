/** How a cell of recipients is drawn: area follows the count, within legible bounds. */

/** @param {number} recipients @returns {number} radius in CSS pixels */
export function cellRadius(recipients) {
  return Math.round(Math.min(21, 8.5 + Math.sqrt(Math.max(1, recipients)) * 0.55) * 2) / 2
}

/** @param {{recipients:number, inside:number}} cell @returns {'out'|'part'|'in'} */
export function cellSide({ recipients, inside }) {
  if (!inside) return 'out'
  return inside >= recipients ? 'in' : 'part'
}

/** Short enough for the disc: 12 345 becomes "12 k". @param {number} count @param {(n:number)=>string} integer */
export function cellLabel(count, integer) {
  return count < 10_000 ? integer(count) : `${integer(Math.floor(count / 1000))}\u202fk`
}
