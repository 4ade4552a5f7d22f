/** What a square of the map says of a campaign: one level, its mark, and whether anybody there was not reached. */

/** Levels from the best to the worst, and the states of each. */
const LEVELS = { acknowledged: ['acknowledged'], reached: ['passed', 'answered'], waiting: ['pending'], failed: ['failed', 'cancelled'], unreachable: ['unreachable'] }

/** Signs that stand beside the colour. */
export const MARKS = { acknowledged: '✓', reached: '•', waiting: '…', failed: '!', unreachable: '×' }

/** @param {Record<string, number>} states @returns {Record<string, number>} people by level */
export const levelsOf = states => Object.fromEntries(Object.entries(LEVELS).map(([level, names]) => [level, names.reduce((sum, name) => sum + (states[name] ?? 0), 0)]))

/**
 * The most frequent level; of equals the worse, so that nobody is overlooked.
 * @param {Record<string, number>} states
 */
export function stateOfCell(states) {
  const levels = levelsOf(states)
  let level = 'acknowledged'
  for (const name of Object.keys(LEVELS)) if (levels[name] > 0 && levels[name] >= levels[level]) level = name
  return { level, hasFailed: levels.failed > 0 }
}

/** @param {{states:Record<string, number>}[]} cells @returns {Record<string, number>} people on the map by level */
export function sums(cells) {
  const total = levelsOf({})
  for (const { states } of cells) for (const [level, count] of Object.entries(levelsOf(states))) total[level] += count
  return total
}
