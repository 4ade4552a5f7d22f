/** The import wizard's rules that need no page. */

/** What keeps the columns from being checked: the name of what is missing, or null. @param {string[]} chosen fields, one a column @param {{needsId?:boolean}} [options] */
export function isReady(chosen, { needsId = true } = {}) {
  if (needsId && !chosen.includes('id')) return 'id'
  if (chosen.includes('longitude') !== chosen.includes('latitude')) return 'coordinates'
  const once = chosen.filter(field => !REPEATABLE.has(field))
  return new Set(once).size < once.length ? 'twice' : null
}

const REPEATABLE = new Set(['phone', 'emergency', 'sms', 'voice', 'email', 'fax', 'lists', 'tags', 'building', 'ignore'])

/** What was corrected of what was proposed. @param {{name:string, field:string|null}[]} columns @param {string[]} chosen */
export const changedMapping = (columns, chosen) => columns.flatMap((column, index) =>
  column.name && chosen[index] !== (column.field ?? 'ignore') ? [{ column: column.name, field: chosen[index] }] : [])

/** What each column holds, said whole: to a taking in that remembers nothing. @param {{name:string}[]} columns @param {string[]} chosen */
export const wholeMapping = (columns, chosen) => columns.flatMap((column, index) => (column.name ? [{ column: column.name, field: chosen[index] }] : []))

/** Beginnings of the server's reasons, each with the word of its text in the catalogues. */
const REASONS = [
  ['fields where the header has', 'fields'],
  ['not a telephone number', 'number'], ['a service number', 'service'], ['not an e-mail address', 'email'], ['a fixed line cannot', 'fixed'], ['written without its leading 0', 'zero'], ['written without 0, 00 or +', 'plus'], ['nothing tells whether this number', 'either'], ['a foreign number of a range', 'foreign'],
  ['the same identifier as line', 'sameIdentifier'], ['the same number or mailbox', 'sameContact'], ['the same person', 'samePerson'], ['cannot be reached', 'unreachable'],
  ['address not found', 'addressNotFound'], ['not located', 'notLocated'], ['the point lies outside', 'outside'], ['longitude and latitude look exchanged', 'exchanged'], ['one coordinate without', 'oneCoordinate'], ['0, 0 is in the ocean', 'ocean'], ['out of range', 'range'], ['not a number of degrees', 'degrees'],
  ['not an INSEE commune code', 'insee'], ['not a date', 'date'], ['not a language tag', 'language'], ['neither personne', 'kind'], ['neither oui', 'consent'], ['empty, but required', 'empty'], ['contains a control character', 'control'], ['longer than', 'long'], ['loses the last', 'losing'],
]

/** @param {string} reason in the server's English */
export const reasonKey = reason => REASONS.find(([start]) => reason.replace(/^\d+ /, '').startsWith(start))?.[1] ?? 'other'
