/** A campaign's estimate beside what was measured, arranged in lines for a table. */

const CHANNELS = ['sms', 'voice', 'email', 'fax']
const QUANTITIES = ['messages', 'segments', 'cost', 'seconds_50', 'seconds_90', 'seconds_100']

const OUTLOOK = ['cost_with_retries', 'cost_at_most', 'seconds_at_most']

/** @typedef {{quantity:string, currency:string|null, estimated:string|null, least:string|null, most:string|null, measured:string|null, errorPercent:number|null}} Line */

/**
 * @param {any} estimate the API's document
 * @returns {{channel:string|null, pace:string|null, furtherAttempts:number, lines:Line[]}[]} all channels first, where there are several
 */
export function estimateGroups(estimate) {
  const figures = estimate?.figures ?? []
  const used = CHANNELS.filter(channel => figures.some(figure => figure.channel === channel))
  const groups = used.length > 1 ? [null, ...used] : used
  return groups.map(channel => {
    const basis = (estimate.channels ?? []).find(one => one.channel === channel)
    return {
      channel, pace: basis?.pace ?? null, furtherAttempts: basis?.furtherAttempts ?? 0,
      lines: QUANTITIES.flatMap(quantity => {
        const figure = figures.find(one => (one.channel ?? null) === channel && one.quantity === quantity)
        return figure ? [line(figure)] : []
      }),
    }
  })
}

/** @param {any} figure @returns {Line} */
const line = figure => ({ quantity: figure.quantity, currency: figure.currency ?? null, estimated: figure.estimated ?? null, least: figure.least ?? null, most: figure.most ?? null, measured: figure.measured ?? null, errorPercent: figure.errorPercent ?? null })

/**
 * What retries and later turns may add, of all channels together.
 * @param {any} estimate @returns {Line[]} empty where nothing is foreseen of them
 */
export function outlookLines(estimate) {
  return OUTLOOK.flatMap(quantity => (estimate?.outlook ?? []).filter(one => one.quantity === quantity).map(line))
}

/**
 * The part of the messages that the estimate expects to have left by now.
 * @param {any} estimate @param {number} seconds since the launch
 * @returns {number|null} 0…1; null where the times are not known
 */
export function expectedShare(estimate, seconds) {
  const groups = estimateGroups(estimate)
  const lines = groups[0]?.lines ?? []
  const at = part => { const value = lines.find(line => line.quantity === `seconds_${part}`)?.estimated; return value === null || value === undefined ? null : Number(value) }
  const points = [[0, 0], [at(50), 0.5], [at(90), 0.9], [at(100), 1]]
  if (points.some(([time]) => time === null)) return null
  if (seconds >= points[3][0]) return 1
  for (let index = 1; index < points.length; index += 1) {
    const [[before, low], [after, high]] = [points[index - 1], points[index]]
    if (seconds < after) return after === before ? high : low + ((high - low) * (seconds - before)) / (after - before)
  }
  return 1
}
