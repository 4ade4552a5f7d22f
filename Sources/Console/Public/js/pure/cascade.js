/** Channels one after another, as the server reads them. */

/** @typedef {{steps:Record<string, number>, minutes:number, until:'acknowledged'|'answered'|'delivered'}} Cascade */

/** What one begins with: the message first, a call when nobody confirmed it, fax at last. @returns {Cascade} */
export const usualCascade = () => ({ steps: { sms: 1, email: 1, voice: 2, fax: 3 }, minutes: 10, until: 'acknowledged' })

/** The channels of each step that has one, in order. @param {string[]} channels @param {Cascade} cascade */
export function cascadeSteps(channels, cascade) {
  const numbers = [...new Set(channels.map(channel => cascade.steps[channel] ?? 1))].sort((a, b) => a - b)
  return numbers.map(number => channels.filter(channel => (cascade.steps[channel] ?? 1) === number))
}

/** `sms+email,10m,voice`; null where everything leaves at once: without a cascade, or with a single step. @param {string[]} channels @param {Cascade|null} cascade */
export function cascadeText(channels, cascade) {
  if (!cascade) return null
  const steps = cascadeSteps(channels, cascade)
  return steps.length > 1 ? steps.map(step => step.join('+')).join(`,${cascade.minutes}m,`) : null
}
