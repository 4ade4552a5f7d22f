/** Sums of figures by month, and how a month's bar is stacked. */

/**
 * @typedef {{month:string, campaigns:number, recipients:number, reached:number, acknowledged:number, failed:number}} Sum
 * @param {any[]} figures of one mode, of several organisations
 * @returns {Sum[]} the oldest month first
 */
export function byMonth(figures) {
  const sums = new Map()
  for (const one of figures) {
    const sum = sums.get(one.month) ?? { month: one.month, campaigns: 0, recipients: 0, reached: 0, acknowledged: 0, failed: 0 }
    for (const key of ['campaigns', 'recipients', 'reached', 'acknowledged', 'failed']) sum[key] += one[key]
    sums.set(one.month, sum)
  }
  return [...sums.values()].sort((a, b) => (a.month < b.month ? -1 : 1))
}

/** Who acknowledged were reached too, and are not counted twice. @param {Sum} sum @returns {{name:string, count:number}[]} from the axis up */
export function stack({ recipients, reached, acknowledged, failed }) {
  return [
    { name: 'acknowledged', count: acknowledged }, { name: 'reached', count: Math.max(0, reached - acknowledged) },
    { name: 'failed', count: failed }, { name: 'rest', count: Math.max(0, recipients - reached - failed) },
  ].filter(one => one.count > 0)
}
