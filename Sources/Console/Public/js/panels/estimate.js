/** What a campaign should cost and how long it should take; beside it, once it has ended, what it did. */
import { h, icon } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { estimateGroups, outlookLines } from '../pure/estimate.js'

/** @param {string|null} value @param {{quantity:string, currency:string|null}} line */
function shown(value, { quantity, currency }) {
  if (value === null) return t('estimate.unknown')
  if (quantity.startsWith('cost')) return n.money(value, currency)
  return quantity.startsWith('seconds') ? n.duration(Math.ceil(Number(value))) : n.integer(Number(value))
}

/** A bound may be hundreds of times what was needed: beyond a thousand the figure says no more. @param {number} error */
const percent = error => (error > 999 ? '>\u00a0+999' : `${error > 0 ? '+' : ''}${n.decimal(error)}`)

/** @param {any} estimate @param {{title?:string}} [options] */
export function estimateTable(estimate, { title = t('estimate.title') } = {}) {
  const groups = estimateGroups(estimate)
  if (groups.length === 0) return null
  const measured = estimate.isMeasured
  const row = line => h('tr', {}, h('th', { scope: 'row' }, t(`estimate.${line.quantity}`)),
    h('td', { class: 'number' }, shown(line.estimated, line), line.least !== null && h('span', { class: 'fact-note' }, t('estimate.range', { least: shown(line.least, line), most: shown(line.most, line) }))),
    measured && h('td', { class: 'number' }, shown(line.measured, line), line.errorPercent !== null && h('span', { class: 'fact-note' }, t('estimate.error', { percent: percent(line.errorPercent) }))))
  const head = ({ channel }) => h('tr', { class: 'estimate-head' }, h('th', { scope: 'rowgroup', colspan: measured ? '3' : '2' }, channel ? [icon(channel), t(`channel.${channel}`)] : t('estimate.together')))
  const table = (caption, bodies) => h('table', { class: 'data estimate-table' }, caption,
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('estimate.quantity')), h('th', { scope: 'col', class: 'number' }, t('estimate.expected')), measured && h('th', { scope: 'col', class: 'number' }, t('estimate.measured')))),
    bodies.map(group => h('tbody', { data: { scope: group.channel ?? 'all' } }, head(group), group.lines.map(row))))
  const [first, ...others] = groups
  const outlook = outlookLines(estimate)
  const whole = table(h('caption', {}, title), [first])
  if (outlook.length > 0) whole.append(h('tbody', { data: { scope: 'outlook' } }, h('tr', { class: 'estimate-head' }, h('th', { scope: 'rowgroup', colspan: measured ? '3' : '2' }, t('estimate.outlook'))), outlook.map(row)))
  return h('section', { class: 'estimate', data: { estimate: measured ? 'measured' : 'expected' } },
    whole,
    others.length > 0 && h('details', { class: 'fold' }, h('summary', {}, t('estimate.byChannel')), table(h('caption', { class: 'visually-hidden' }, t('estimate.byChannel')), others)),
    h('ul', { class: 'notes' },
      groups.filter(group => group.channel).map(group => h('li', {}, `${t(`channel.${group.channel}`)} : ${t(`estimate.pace.${group.pace ?? 'unknown'}`)}`, group.furtherAttempts > 0 && ` ${t('estimate.further', { count: group.furtherAttempts })}`)),
      estimate.later > 0 && h('li', {}, t('estimate.later', { count: estimate.later })),
      outlook.length > 0 && h('li', {}, t('estimate.outlookNote')),
      estimate.beside > 0 && h('li', {}, t('estimate.beside', { count: estimate.beside })),
      h('li', {}, t('estimate.first'))))
}
