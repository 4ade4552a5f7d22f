/**
 * A campaign's report as the page shows it. Two spellings are read: the console contract's (camelCase) and that of the
 * report file kept for other tools (snake_case, "answered_validated" for an acknowledgement), which says the same.
 */

const CHANNELS = ['sms', 'voice', 'email', 'fax']
const camel = key => key.replace(/_(\w)/g, (_, letter) => letter.toUpperCase())
const RENAMED = { answeredValidated: 'acknowledged', answeredNotValidated: 'answered', channels: 'byChannel', communes: 'byCommune' }

function renamed(value) {
  if (Array.isArray(value)) return value.map(renamed)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [RENAMED[camel(key)] ?? camel(key), renamed(inner)]))
}

/**
 * @param {any} raw
 * @returns {{reference:string, mode:string, state:string, totals:Record<string, number>, byChannel:{channel:string, legs:any}[], byCommune:any[], firstSubmissionAt:string|null, lastOutcomeAt:string|null}}
 */
export function readReport(raw) {
  // A contract report also lists the channels used, as words: only the counters matter here.
  const { channels, ...rest } = raw
  const report = renamed(raw.byChannel || Array.isArray(channels) ? rest : raw)
  const counters = Array.isArray(report.byChannel)
    ? Object.fromEntries(report.byChannel.map(one => [one.channel, one]))
    : report.byChannel ?? report.progress?.byChannel ?? {}
  const totals = { ...report.totals }
  totals.notLocated ??= report.notLocated
  return { ...report, totals, byChannel: CHANNELS.filter(channel => counters[channel]).map(channel => ({ channel, legs: counters[channel] })), byCommune: report.byCommune ?? [] }
}
