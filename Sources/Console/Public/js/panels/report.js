/** The campaign's report, over the map: totals, channels, communes, and files to keep. */
import { helped } from '../core/help-mark.js'
import { get } from '../core/api.js'
import { store } from '../core/state.js'
import { errorBox } from '../core/errors.js'
import { byId, h, icon, render } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { legTotals } from '../pure/progress.js'
import { readReport } from '../pure/report.js'
import { sortableTable } from './sortable-table.js'

const TOTALS = ['acknowledged', 'answered', 'passed', 'failed', 'unreachable', 'cancelled', 'pending', 'notLocated']
const FORMATS = ['csv', 'geojson', 'json', 'text']
/** The table names recipients one by one. */
const mayTake = format => format !== 'csv' || Boolean(store.get().session?.capabilities?.includes('see_personal_data'))

export function mountReport() {
  const root = byId('report')
  const close = () => { store.set({ reportOpen: false }); document.querySelector('[data-key="open-report"]')?.focus() }

  function channels(byChannel) {
    const rows = byChannel.map(({ channel, legs }) => ({ channel, ...legTotals(legs) }))
    return h('div', { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': t('report.byChannel') }, h('table', { class: 'data' }, h('caption', {}, t('report.byChannel')),
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('audience.channel')), ['total', 'reached', 'acknowledged', 'answered', 'failed', 'cancelled', 'waiting'].map(key => h('th', { scope: 'col', class: 'number' }, t(`report.leg.${key}`))))),
      h('tbody', {}, rows.map(row => h('tr', {}, h('th', { scope: 'row' }, icon(row.channel), t(`channel.${row.channel}`)), ['total', 'reached', 'acknowledged', 'answered', 'failed', 'cancelled', 'waiting'].map(key => h('td', { class: 'number' }, n.integer(row[key]))))))))
  }
  function content(report, id) {
    const { totals } = report
    const file = format => h('a', { class: 'button button-small', href: `/api/campaigns/${encodeURIComponent(id)}/report?format=${format}`, download: `${report.reference ?? 'campagne'}.${format === 'text' ? 'txt' : format}` }, icon('download'), t(`report.format.${format}`))
    const number = key => ({ key, label: t(`report.column.${key}`), text: row => n.integer(row[key]), value: row => row[key] })
    return [
      h('p', { class: 'muted' }, `${t('campaign.reference', { reference: report.reference })} · ${t(`mode.${report.mode}.word`)} · ${t(`state.${report.state}`)} · ${t('report.first', { time: n.dateTime(report.firstSubmissionAt) })} · ${t('report.last', { time: n.dateTime(report.lastOutcomeAt) })}`),
      h('div', { class: 'row row-buttons downloads' }, h('span', { class: 'muted' }, t('report.download')), FORMATS.filter(mayTake).map(file)),
      h('dl', { class: 'tiles' }, TOTALS.filter(key => totals[key] !== undefined).map(key => h('div', { class: 'tile' }, h('dt', {}, h('span', { class: `key key-${key}`, 'aria-hidden': 'true' }), t(`group.${key}`)), h('dd', {}, n.integer(totals[key]))))),
      channels(report.byChannel),
      report.byCommune.length > 0
        ? sortableTable({ caption: t('report.byCommune', { count: report.byCommune.length }), rows: report.byCommune, sort: { column: 'recipients', descending: true }, columns: [{ key: 'name', label: t('coverage.commune'), text: row => `${row.name} (${row.code})`, value: row => row.name, header: true }, ...['recipients', 'acknowledged', 'answered', 'passed', 'failed', 'pending'].map(number)] })
        : h('p', { class: 'empty' }, t('report.noCommune')),
    ]
  }

  let shown = ''
  async function draw(open, id, state) {
    const key = open && id ? `${id}/${state}` : ''
    root.hidden = key === ''
    byId('map-area').classList.toggle('covered', key !== '' || !byId('people').hidden)
    if (key === shown) return
    shown = key
    if (key === '') return
    const body = h('div', { class: 'report-body' }, h('p', { class: 'empty', role: 'status' }, t('common.loading')))
    const title = h('h2', { id: 'report-title', tabindex: '-1' }, t('report.title'))
    render(root, h('div', { class: 'sheet-head' }, helped(title, 'panel.report'), h('button', { type: 'button', class: 'button', on: { click: close } }, t('report.close'))), body)
    title.focus()
    try { render(body, content(readReport(await get(`/api/campaigns/${encodeURIComponent(id)}/report?format=json`)), id)) } catch (error) { render(body, errorBox(error)) }
  }
  store.watch(state => [Boolean(state.reportOpen) && state.route.name === 'campaign', state.followed?.id, state.followed?.campaign?.state], ([open, id, state]) => { void draw(open, id, state) })
  store.watch(state => state.route, () => { if (store.get().reportOpen) store.set({ reportOpen: false }) }, { now: false })
}
