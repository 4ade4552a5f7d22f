/** What every taking in of a table of people shows: what its columns hold, and what is wrong with its rows. */
import { call } from '../core/api.js'
import { freshId, h, icon } from '../core/dom.js'
import { hasText, t } from '../core/texts.js'
import { reasonKey } from '../pure/imports.js'

export const TABLES = '.csv,.tsv,.txt,.xlsx,.xls,.ods,.gz'

/** @param {File} file @returns {Promise<any>} its beginning */
export const sendTable = file => call('POST', '/api/register/imports', { body: file, type: 'application/octet-stream', headers: { 'X-Tocsin-File-Name': encodeURIComponent(file.name) } })

/** The first rows, each column with a choice of what it holds. @param {any} sheet @param {string[]} chosen changed in place @param {()=>void} onChange */
export function columnTable(sheet, chosen, onChange) {
  const label = field => hasText(`imports.field.${field}`) ? t(`imports.field.${field}`) : field
  const select = (column, index) => {
    const id = freshId('column')
    return h('div', {}, h('label', { for: id, class: 'visually-hidden' }, t('imports.holds', { name: column.name || t('imports.column', { number: index + 1 }) })),
      h('select', { id, data: { key: `column-${index}` }, disabled: !column.name, on: { change: event => { chosen[index] = event.target.value; onChange() } } },
        sheet.fields.map(field => h('option', { value: field, selected: field === chosen[index] }, label(field)))))
  }
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('imports.preview') }, h('table', {},
    h('thead', {}, h('tr', {}, sheet.columns.map((column, index) => h('th', { scope: 'col' }, column.name || t('imports.column', { number: index + 1 })))),
      h('tr', {}, sheet.columns.map((column, index) => h('td', {}, select(column, index))))),
    h('tbody', {}, sheet.rows.map(row => h('tr', {}, sheet.columns.map((_, index) => h('td', {}, row[index] ?? '')))))))
}

/** Refused rows and remarks, line by line. @param {any} report @param {()=>void} onDownload */
export function problemTable(report, onDownload) {
  if (report.problemCount === 0) return h('p', {}, t('imports.noProblem'))
  return [
    h('h3', {}, t('imports.problems', { count: report.problemCount })),
    h('button', { type: 'button', class: 'button button-small', data: { key: 'faults' }, on: { click: onDownload } }, icon('download'), t('imports.download')),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('imports.problems', { count: report.problemCount }) }, h('table', {},
      h('thead', {}, h('tr', {}, ['line', 'column', 'kind', 'reason'].map(head => h('th', { scope: 'col' }, t(`imports.head.${head}`))))),
      h('tbody', {}, report.problems.map(one => h('tr', {}, h('th', { scope: 'row', class: 'number' }, one.line), h('td', {}, one.column ?? '–'), h('td', {}, t(`imports.kind.${one.kind.replaceAll(' ', '_')}`)), reasonCell(one.reason)))))),
    report.problemCount > report.problems.length && h('p', { class: 'muted' }, t('imports.firstOnly', { count: report.problems.length })),
  ]
}

/** The server's reasons are English; the usual ones have French words. */
function reasonCell(reason) {
  const key = `imports.reason.${reasonKey(reason)}`
  return hasText(key) ? h('td', { class: 'reason' }, t(key, { line: /line (\d+)/.exec(reason)?.[1] ?? '' })) : h('td', { class: 'reason', lang: 'en' }, reason)
}

/** All remarks on an upload, as a file. @param {number} id */
export async function takeFaults(id) {
  const file = await call('GET', `/api/register/imports/${id}/faults`, { file: true })
  const link = h('a', { href: URL.createObjectURL(file), download: 'import-remarques.csv' })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
