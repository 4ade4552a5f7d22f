/** People of a table who are alerted once: dropped or chosen, their columns said, checked, and in the zone by a list of their own. */
import { get, post } from '../core/api.js'
import { announce } from '../core/announce.js'
import { errorBox, noticeBox } from '../core/errors.js'
import { freshId, h, render } from '../core/dom.js'
import { addItem, store } from '../core/state.js'
import { n, t } from '../core/texts.js'
import { MODE } from '../core/world.js'
import { isReady, wholeMapping } from '../pure/imports.js'
import { columnTable, problemTable, sendTable, TABLES, takeFaults } from '../register/import-parts.js'

const POLL_MS = 300

/** Whether a dropped file is a table of people, and not a perimeter. @param {File} file */
export const isTable = file => /\.(csv|tsv|xlsx|xls|ods)(\.gz)?$/i.test(file.name)

/** @param {any} view it learns how to take a file: `takePeople` */
export function oneOffForm(view) {
  const may = right => store.get().session?.capabilities?.includes(right)
  if (MODE !== 'real' || !may('edit_register') || !may('prepare')) return null
  let sheet = null, chosen = [], skipsInvalid = false, turn = 0
  const place = h('div', { class: 'one-off' })
  const input = h('input', { type: 'file', id: 'people-file', hidden: true, accept: TABLES, on: { change: event => { const file = event.target.files[0]; event.target.value = ''; if (file) void take(file) } } })
  const fold = h('details', { class: 'fold', id: 'one-off' }, h('summary', {}, t('oneOff.title')), place)
  const button = (label, key, click, kind = '') => h('button', { type: 'button', class: `button ${kind}`, data: { key }, on: { click } }, label)
  const head = freshId('one-off')
  function draw(...content) {
    render(place, content)
    if (fold.open) place.querySelector('h4')?.focus()
  }
  const heading = text => h('h4', { id: head, tabindex: '-1' }, text)

  function start(error = null) {
    turn += 1
    sheet = null
    draw(h('p', { class: 'field-hint' }, t('oneOff.lead')), error && errorBox(error), button(t('oneOff.choose'), 'people-file', () => input.click(), 'button-wide'), input)
  }

  async function take(file) {
    fold.open = true
    const mine = ++turn
    draw(h('p', { role: 'status' }, t('imports.sending', { name: file.name })))
    try {
      const read = await sendTable(file)
      if (mine !== turn) return
      sheet = read
      chosen = sheet.columns.map(column => column.field ?? 'ignore')
      columns()
    } catch (error) { if (mine === turn) start(error) }
  }

  function columns(note = null) {
    const problem = h('p', { class: 'field-error', role: 'alert' })
    const check = () => {
      const missing = isReady(chosen, { needsId: false })
      problem.textContent = missing ? t(`imports.missing.${missing}`) : ''
      return !missing
    }
    draw(heading(t('oneOff.columns', { name: sheet.fileName })), note, columnTable(sheet, chosen, check), problem,
      h('div', { class: 'row row-buttons' }, button(t('imports.check'), 'people-check', () => { if (check()) void run('check') }, 'button-primary'), button(t('imports.other'), 'people-other', () => start())))
    check()
  }

  async function run(verb) {
    const mine = ++turn, id = sheet.id
    const said = h('p', { role: 'status' }, t(verb === 'check' ? 'imports.checking' : 'oneOff.taking'))
    draw(said)
    try {
      await post(`/api/register/imports/${id}/${verb}`, { map: wholeMapping(sheet.columns, chosen), skipsInvalid, isOneOff: true })
      for (;;) {
        const state = await get(`/api/register/imports/${id}`)
        if (mine !== turn) return
        if (state.step === 'failed') { columns(noticeBox(t('oneOff.failed'), 'error', h('p', { lang: 'en', class: 'small' }, state.problem))); return }
        if (state.step === 'checked') { checked(state.report); return }
        if (state.step === 'applied') { taken(state); return }
        await new Promise(resolve => setTimeout(resolve, POLL_MS))
      }
    } catch (error) { if (mine === turn) start(error) }
  }

  function checked(report) {
    const skip = h('input', { type: 'checkbox', checked: skipsInvalid, data: { key: 'people-skip' }, on: { change: event => { skipsInvalid = event.target.checked; go.disabled = report.refused > 0 && !skipsInvalid } } })
    const go = button(t('oneOff.go', { count: report.added }), 'people-go', () => void run('apply'), 'button-primary')
    go.disabled = report.refused > 0 && !skipsInvalid
    draw(heading(t('oneOff.checked', { count: report.added })),
      h('p', {}, t('oneOff.figures', { rows: n.integer(report.rows), refused: n.integer(report.refused), merged: n.integer(report.merged), unreachable: n.integer(report.unreachable) })),
      report.refused > 0 && h('label', { class: 'check' }, skip, t('oneOff.skip')),
      problemTable(report, () => { takeFaults(sheet.id).catch(error => place.append(errorBox(error))) }),
      h('div', { class: 'row row-buttons' }, go, button(t('imports.backColumns'), 'people-columns', () => columns()), button(t('imports.other'), 'people-other', () => start())))
    announce(t('oneOff.checked', { count: report.added }))
  }

  function taken(state) {
    addItem({ kind: 'list', role: 'alert', name: state.list })
    start()
    place.prepend(noticeBox(t('oneOff.taken', { count: state.report.added, name: state.list }), 'success'))
    announce(t('oneOff.taken', { count: state.report.added, name: state.list }))
  }

  view.takePeople = file => { store.set({ step: 'zone' }); void take(file) }
  start()
  return fold
}
