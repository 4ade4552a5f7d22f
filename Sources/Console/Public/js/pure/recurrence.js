/** What a rule of recurrence (RFC 5545) says, for the rules that the form can write; others are shown as they are. */

export const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
export const WORDS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
export const PLACES = ['first', 'second', 'third', 'fourth', 'last']

/**
 * @param {string|null} rule
 * @returns {{kind:string, place?:string, day?:string, until?:string, text?:string}} kind: once, daily, weekly, weekdays, monthly, yearly, nth, other
 */
export function readRule(rule) {
  if (!rule) return { kind: 'once' }
  const parts = new Map(rule.split(';').map(part => { const [name, ...rest] = part.split('='); return [name, rest.join('=')] }))
  const until = /^(\d{4})(\d{2})(\d{2})/.exec(parts.get('UNTIL') ?? '')
  const end = until ? { until: `${until[1]}-${until[2]}-${until[3]}` } : {}
  const others = [...parts.keys()].filter(name => !['FREQ', 'BYDAY', 'UNTIL'].includes(name) && !(name === 'INTERVAL' && parts.get(name) === '1'))
  const frequency = (parts.get('FREQ') ?? '').toLowerCase()
  const days = parts.get('BYDAY')
  if (others.length === 0 && !days && ['daily', 'weekly', 'monthly', 'yearly'].includes(frequency)) return { kind: frequency, ...end }
  if (others.length === 0 && frequency === 'weekly' && days === 'MO,TU,WE,TH,FR') return { kind: 'weekdays', ...end }
  const nth = /^(-?[1-4])(MO|TU|WE|TH|FR|SA|SU)$/.exec(days ?? '')
  if (others.length === 0 && frequency === 'monthly' && nth && (nth[1] === '-1' || Number(nth[1]) > 0)) {
    return { kind: 'nth', place: nth[1] === '-1' ? 'last' : PLACES[Number(nth[1]) - 1], day: WORDS[DAYS.indexOf(nth[2])], ...end }
  }
  return { kind: 'other', text: rule, ...end }
}
