/** Coverage of the zone, commune by commune: the table behind the choropleth. */
import { MODE } from '../core/world.js'
import { post, postForFile } from '../core/api.js'
import { errorBox } from '../core/errors.js'
import { h, icon, render } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { draftZone } from '../pure/zone.js'
import { sortableTable } from './sortable-table.js'

const FORMATS = ['pdf', 'html', 'xlsx', 'csv', 'geojson']
const PRECISIONS = ['given', 'house_number', 'street', 'locality', 'commune']

/** @param {import('../core/state.js').Draft} draft */
export async function openCoverage(draft) {
  const before = /** @type {HTMLElement|null} */ (document.activeElement)
  const body = h('div', { class: 'sheet-body' }, h('p', { class: 'empty', role: 'status' }, t('common.loading')))
  const dialog = h('dialog', { class: 'sheet', 'aria-labelledby': 'coverage-title' })
  const close = () => { dialog.close(); dialog.remove(); before?.focus() }
  dialog.append(h('div', { class: 'sheet-head' }, h('h2', { id: 'coverage-title' }, t('coverage.title')), h('button', { type: 'button', class: 'button-close', 'aria-label': t('common.close'), on: { click: close } }, icon('close'))), body)
  dialog.addEventListener('cancel', event => { event.preventDefault(); close() })
  document.body.append(dialog)
  dialog.showModal()
  const outcome = h('div', { role: 'status' })
  /** Has the server make the zone's report, and hands it to the browser as a file. @param {string} format */
  async function download(format) {
    render(outcome, t('common.loading'))
    try {
      const address = URL.createObjectURL(await postForFile('/api/zone/coverage/file', { zone: draftZone(draft), format }))
      const link = h('a', { href: address, download: `couverture-zone.${format}` })
      link.click()
      setTimeout(() => URL.revokeObjectURL(address), 60_000)
      render(outcome)
    } catch (error) { render(outcome, errorBox(error)) }
  }
  async function keep() {
    try {
      const { perimeters } = await post('/api/coverage/reports', undefined)
      render(outcome, t('coverage.kept', { count: perimeters }))
    } catch (error) { render(outcome, errorBox(error)) }
  }
  try {
    const { zone, communes } = await post('/api/zone/coverage', { zone: draftZone(draft) })
    const fact = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, value))
    const number = key => row => row[key]
    render(body,
      h('div', { class: 'row row-buttons downloads' }, h('span', { class: 'muted' }, t('report.download')), FORMATS.map(format => h('button', { type: 'button', class: 'button button-small', data: { key: `coverage-${format}` }, on: { click: () => { void download(format) } } }, icon('download'), format.toUpperCase()))),
      h('div', { class: 'row row-buttons downloads' }, h('span', { class: 'muted' }, t('coverage.standing')), h('a', { class: 'button button-small', href: '/couverture', target: '_blank', rel: 'noopener', data: { key: 'coverage-standing' } }, t('coverage.openStanding')), MODE === 'real' && h('button', { type: 'button', class: 'button button-small', data: { key: 'coverage-keep' }, on: { click: () => { void keep() } } }, t('coverage.keep'))),
      outcome,
      h('dl', { class: 'facts facts-wide' }, fact(t('coverage.registered'), n.integer(zone.registered)), fact(t('audience.population'), n.integer(zone.population)), fact(t('coverage.share'), n.percent(zone.share)), fact(t('coverage.households'), n.integer(zone.households)), fact(t('coverage.stale'), n.integer(zone.stale)), fact(t('audience.unreachable'), n.integer(zone.unreachable))),
      h('p', { class: 'muted' }, t('coverage.method'), ' ', zone.populationMethods.length === 0 ? t('audience.unknown') : zone.populationMethods.map(name => t(`method.${name}`)).join(', ')),
      h('p', { class: 'muted' }, t('coverage.precision'), ' ', PRECISIONS.map(name => `${t(`precision.${name}`)} ${n.integer(zone.located[name] ?? 0)}`).join(' · '), ` · ${t('audience.notLocated')} ${n.integer(zone.notLocated)}`),
      sortableTable({
        caption: t('coverage.byCommune'), rows: communes, sort: { column: 'inZone', descending: true },
        columns: [
          { key: 'name', label: t('coverage.commune'), text: row => `${row.name} (${row.code})`, value: row => row.name, header: true },
          { key: 'population', label: t('coverage.population'), text: row => n.integer(row.population), value: number('population') },
          { key: 'registered', label: t('coverage.registered'), text: row => n.integer(row.registered), value: number('registered') },
          { key: 'inZone', label: t('coverage.inZone'), text: row => n.integer(row.inZone), value: number('inZone') },
          { key: 'reachable', label: t('coverage.reachable'), text: row => n.integer(row.reachable), value: number('reachable') },
          { key: 'share', label: t('coverage.share'), text: row => n.percent(row.share), value: number('share') },
        ],
      }))
  } catch (error) { render(body, errorBox(error)) }
}
