/** A file of recipients, step after step: dropped, its columns said, checked whole, written, taken back. */
import { get, post } from '../core/api.js'
import { announce } from '../core/announce.js'
import { attempt, fail, moment, tell } from '../core/desk.js'
import { ask } from '../core/dialog.js'
import { byId, freshId, h, icon, render } from '../core/dom.js'
import { errorBox } from '../core/errors.js'
import { n, t } from '../core/texts.js'
import { changedMapping, isReady } from '../pure/imports.js'
import { columnTable, problemTable, sendTable, TABLES, takeFaults } from './import-parts.js'

const POLL_MS = 400

/** @param {{rights:{see:boolean, edit:boolean}, onChanged:()=>void}} options */
export function createImports({ rights, onChanged }) {
  const place = byId('imports')
  let sheet = null, chosen = [], options = { skipsInvalid: false, removesGone: false, duplicates: 'report' }, timer = 0, records = []

  async function open() {
    if (!rights.edit) { render(place, h('p', { class: 'part' }, t('imports.noRight'))); return }
    render(byId('outcome'))
    records = (await get('/api/register/imports')).imports
    if (!sheet) draw(stepFile())
    byId('imports-title').focus()
  }

  const draw = content => {
    clearTimeout(timer)
    render(place, h('div', { class: 'part wizard' },
      h('p', {}, h('a', { href: '#' }, t('imports.back'))),
      h('h2', { id: 'imports-title', tabindex: '-1' }, t('imports.title')), content), past())
  }

  // 1. The file

  function stepFile(error = null) {
    const input = h('input', { type: 'file', id: 'import-file', class: 'visually-hidden', accept: TABLES, on: { change: event => { const file = event.target.files[0]; if (file) void send(file) } } })
    const zone = h('div', { class: 'drop' }, h('p', {}, h('strong', {}, t('imports.drop'))), h('p', { class: 'muted' }, t('imports.formats')),
      h('button', { type: 'button', class: 'button button-primary', data: { key: 'choose-file' }, on: { click: () => input.click() } }, t('imports.choose')), h('label', { for: 'import-file', class: 'visually-hidden' }, t('imports.choose')), input)
    zone.addEventListener('dragover', event => { event.preventDefault(); zone.classList.add('dropping') })
    zone.addEventListener('dragleave', () => zone.classList.remove('dropping'))
    zone.addEventListener('drop', event => { event.preventDefault(); zone.classList.remove('dropping'); const file = event.dataTransfer.files[0]; if (file) void send(file) })
    return [h('p', {}, t('imports.lead')), error && errorBox(error), zone]
  }

  async function send(file) {
    draw(h('p', { role: 'status' }, t('imports.sending', { name: file.name })))
    try {
      sheet = await sendTable(file)
      chosen = sheet.columns.map(column => column.field ?? 'ignore')
      stepColumns()
    } catch (error) {
      sheet = null
      if (error.status === 401) fail(error)
      else draw(stepFile(error))
    }
  }

  // 2. What columns hold

  function stepColumns(note = null) {
    const problem = h('p', { class: 'field-error', role: 'alert' })
    const check = () => {
      const missing = isReady(chosen)
      problem.textContent = missing ? t(`imports.missing.${missing}`) : ''
      return !missing
    }
    const group = freshId('duplicates')
    draw([
      note,
      h('p', {}, t('imports.columnsLead', { name: sheet.fileName }), ' ', sheet.isRemembered ? t('imports.remembered') : '', sheet.skippedRows > 0 ? ` ${t('imports.skipped', { count: sheet.skippedRows })}` : ''),
      columnTable(sheet, chosen, check),
      problem,
      h('fieldset', { class: 'bare' }, h('legend', {}, t('imports.options')),
        choice('skipsInvalid', t('imports.skipsInvalid')), choice('removesGone', t('imports.removesGone')),
        h('div', { class: 'field' }, h('label', { for: group }, t('imports.duplicates')), h('select', { id: group, data: { key: 'duplicates' }, on: { change: event => { options.duplicates = event.target.value } } },
          ['report', 'merge', 'refuse', 'keep'].map(word => h('option', { value: word, selected: options.duplicates === word }, t(`imports.duplicates.${word}`)))))),
      h('div', { class: 'row row-buttons' },
        h('button', { type: 'button', class: 'button button-primary', data: { key: 'check-import' }, on: { click: () => { if (check()) void attempt(() => run('check')) } } }, t('imports.check')),
        h('button', { type: 'button', class: 'button', data: { key: 'other-file' }, on: { click: restart } }, t('imports.other'))),
    ])
    check()
  }
  const choice = (key, label) => h('label', { class: 'check' }, h('input', { type: 'checkbox', checked: options[key], data: { key }, on: { change: event => { options[key] = event.target.checked } } }), label)
  function restart() { sheet = null; draw(stepFile()) }

  // 3. Checked or written

  async function run(verb, { isSure = false } = {}) {
    const map = changedMapping(sheet.columns, chosen)
    await post(`/api/register/imports/${sheet.id}/${verb}`, { map, ...options, ...(isSure ? { isSure } : {}) })
    const bar = h('progress', { max: '100', value: '0', 'aria-label': t(`imports.${verb}ing`) })
    const said = h('p', { role: 'status' }, t(`imports.${verb}ing`))
    draw([said, bar])
    byId('imports-title').focus()
    const follow = async () => {
      try {
        const state = await get(`/api/register/imports/${sheet.id}`)
        bar.value = state.percent
        said.textContent = `${t(`imports.${verb}ing`)} ${t('imports.rows', { count: state.rows })}`
        if (state.step === 'checking' || state.step === 'applying') { timer = setTimeout(follow, POLL_MS); return }
        if (state.step === 'failed') stepColumns(h('div', { class: 'notice notice-error', role: 'alert' }, icon('warning'), h('div', { class: 'notice-body' }, h('p', {}, h('strong', {}, t('imports.failed'))), h('p', { lang: 'en', class: 'small' }, state.problem))))
        else if (state.step === 'applied') await written(state.report)
        else stepReport(state.report, verb === 'apply')
      } catch (error) {
        // The network may come back: what is under way goes on by itself.
        if (error.code === 'network') timer = setTimeout(follow, POLL_MS * 5)
        else if (error.status === 404) { sheet = null; draw(stepFile(error)) } else fail(error)
      }
    }
    void follow()
  }

  function figures(report, isDone) {
    const one = (key, value) => value > 0 || ['added', 'updated', 'unchanged', 'refused'].includes(key) ? h('li', {}, h('strong', {}, n.integer(value)), t(`imports.figure.${key}`)) : null
    return h('ul', { class: 'wizard-figures', 'aria-label': t(isDone ? 'imports.done' : 'imports.would') }, ['added', 'updated', 'unchanged', 'refused', 'merged', 'removed', 'gone', 'spared', 'unreachable', 'losingLastContact', 'duplicatePersons', 'sharedContacts'].map(key => one(key, report[key])),
      report.precisions.not_located > 0 && h('li', {}, h('strong', {}, n.integer(report.precisions.not_located)), t('imports.figure.notLocated')))
  }

  const problems = report => problemTable(report, () => void attempt(() => takeFaults(sheet.id)))

  function stepReport(report, wasStopped) {
    const isStopped = report.refused > 0 && !options.skipsInvalid
    const changes = report.added + report.updated + report.merged + (options.removesGone ? report.gone : 0)
    draw([
      h('p', {}, h('strong', {}, t(wasStopped ? 'imports.notWritten' : 'imports.would'))), figures(report, false),
      isStopped && h('div', { class: 'notice notice-warning' }, icon('warning'), h('div', { class: 'notice-body' }, h('p', {}, t('imports.refusedHint')), choice('skipsInvalid', t('imports.skipsInvalid')))),
      report.unrecognised.length > 0 && h('p', {}, t('imports.aside', { names: report.unrecognised.join(', ') })),
      problems(report),
      h('div', { class: 'row row-buttons' },
        h('button', { type: 'button', class: 'button button-primary', data: { key: 'apply-import' }, on: { click: () => void attempt(() => apply(report)) } }, t(changes > 0 || isStopped ? 'imports.apply' : 'imports.applyNothing')),
        h('button', { type: 'button', class: 'button', data: { key: 'back-columns' }, on: { click: () => stepColumns() } }, t('imports.backColumns')),
        h('button', { type: 'button', class: 'button', data: { key: 'other-file' }, on: { click: restart } }, t('imports.other'))),
    ])
    byId('imports-title').focus()
    announce(t('imports.checked', { added: report.added, updated: report.updated, refused: report.refused }))
  }

  async function apply(report) {
    if (options.removesGone && report.gone > 0) {
      const sure = await ask({ title: t('imports.removeTitle', { count: report.gone }), lines: [t('imports.removeLine', { source: report.source })], confirm: t('imports.removeGo'), danger: true })
      if (!sure) return
      await run('apply', { isSure: true })
    } else await run('apply')
  }

  async function written(report) {
    records = (await get('/api/register/imports')).imports
    draw([
      h('div', { class: 'notice notice-success', role: 'status' }, icon('check'), h('div', { class: 'notice-body' }, h('p', {}, h('strong', {}, t('imports.written'))))), figures(report, true), problems(report),
      h('div', { class: 'row row-buttons' }, h('a', { class: 'button button-primary', href: '#', data: { key: 'see-register' } }, t('imports.see')),
        report.importID && h('button', { type: 'button', class: 'button button-danger-quiet', data: { key: 'undo-now' }, on: { click: () => void attempt(() => undo(report.importID)) } }, t('imports.undo')),
        h('button', { type: 'button', class: 'button', on: { click: restart } }, t('imports.other'))),
    ])
    byId('imports-title').focus()
    onChanged()
  }

  // Imports of before

  async function undo(id) {
    const sure = await ask({ title: t('imports.undoTitle'), lines: [t('imports.undoLine')], confirm: t('imports.undo'), danger: true })
    if (!sure) return
    await post('/api/register/undo', { import: id })
    records = (await get('/api/register/imports')).imports
    restart()
    tell(t('imports.undone'))
    onChanged()
  }

  function past() {
    return h('div', { class: 'part' }, h('h2', { id: 'past-title' }, t('imports.past')), records.length === 0 ? h('p', { class: 'muted' }, t('imports.none'))
      : h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': 'past-title' }, h('table', {},
        h('thead', {}, h('tr', {}, ['time', 'source', 'actor', 'changes'].map(head => h('th', { scope: 'col' }, t(`imports.head.${head}`))), h('td', {}))),
        h('tbody', {}, records.map(one => h('tr', {}, h('th', { scope: 'row' }, moment(one.at)), h('td', {}, one.source), h('td', {}, one.actor), h('td', {}, t('imports.changes', one)),
          h('td', {}, one.isUndone ? t('imports.isUndone') : one.canBeUndone && h('button', { type: 'button', class: 'button button-small', 'aria-label': `${t('imports.undo')} : ${one.source}`, data: { key: `undo-${one.id}` }, on: { click: () => void attempt(() => undo(one.id)) } }, t('imports.undo')))))))))
  }

  return { open }
}
