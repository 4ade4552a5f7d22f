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

/** The other way round: null for no cascade, and for one that the form has no fields for (waits that differ, or within a step). @param {string} text @param {string} until @returns {Cascade|null} */
export function draftCascade(text, until) {
  const words = (text ?? '').split(',')
  const waits = new Set(words.filter((_, index) => index % 2 === 1))
  const [wait] = waits
  if (words.length < 3 || words.length % 2 === 0 || waits.size !== 1 || !/^\d+m$/.test(wait)) return null
  const steps = {}
  words.filter((_, index) => index % 2 === 0).forEach((word, index) => { for (const channel of word.split('+')) steps[channel] = index + 1 })
  if (Object.keys(steps).some(channel => channel.includes('/'))) return null
  return { steps: { ...usualCascade().steps, ...steps }, minutes: Number(wait.slice(0, -1)), until: /** @type {any} */ (until) }
}
