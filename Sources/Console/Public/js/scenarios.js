/** Scenarios: what was prepared ahead leaves after one confirmation, and can be taken back for five seconds. */
import { call, get, post } from './core/api.js'
import { openDesk } from './core/desk.js'
import { ask } from './core/dialog.js'
import { errorBox, noticeBox } from './core/errors.js'
import { byId, h, render, uuid } from './core/dom.js'
import { closedButton, whyNot } from './core/hands.js'
import { n, t } from './core/texts.js'
import { MODE, otherConsole } from './core/world.js'

const UNDO_SECONDS = 5

const list = byId('scenarios')
const outcome = byId('outcome')
let session = null
let scenarios = []

async function look() {
  try { scenarios = (await get('/api/scenarios')).scenarios } catch (error) { render(outcome, errorBox(error)); return }
  draw()
}

function draw() {
  document.body.dataset.mode = MODE
  render(list, scenarios.length === 0 ? h('p', { class: 'empty' }, t('scenarios.none')) : scenarios.map(card))
}

/** @param {any} one */
function card(one) {
  const ready = h('div', { class: 'request-actions' })
  const fields = one.blanks.map(blank => h('input', { type: 'text', id: `blank-${one.id}-${blank.name}`, maxlength: 40, autocomplete: 'off', data: { blank: blank.name }, on: { input: () => { render(ready) ; waiting() } } }))
  let timer = 0
  const blanks = () => fields.map(field => ({ name: field.dataset.blank, value: field.value.trim() }))
  const isFilled = () => fields.every(field => field.value.trim() !== '')
  // The preview follows what is typed, so that one confirmation is all that is left.
  function waiting() { clearTimeout(timer); if (isFilled()) timer = setTimeout(() => { void show() }, fields.length === 0 ? 0 : 400) }
  async function show() {
    const gesture = { mode: MODE, blanks: blanks() }
    try {
      const preview = await post(`/api/scenarios/${one.id}/preview`, gesture)
      if (JSON.stringify(gesture) !== JSON.stringify({ mode: MODE, blanks: blanks() })) return
      render(ready, confirmation(one, gesture, preview))
    } catch (error) { render(ready, errorBox(error)) }
  }
  waiting()
  return h('article', { class: 'request', data: { scenario: String(one.id) } },
    h('p', { class: 'request-state' }, one.approvedBy ? t('scenarios.approvedBy', { user: one.approvedBy }) : t('scenarios.notApproved')),
    h('h2', {}, one.name),
    h('p', { class: 'request-subject', lang: 'fr' }, one.subject), h('p', { class: 'request-text', lang: 'fr' }, one.text),
    h('p', { class: 'muted' }, one.zone, ' · ', one.channels.map(channel => t(`channel.${channel}`)).join(', ')),
    one.blanks.map((blank, index) => h('div', { class: 'field' }, h('label', { for: `blank-${one.id}-${blank.name}` }, `${blank.name} (${t(`scenarios.blank.${blank.kind}`)})`), fields[index])),
    MODE === 'real' && !one.approvedBy && approval(one),
    MODE === 'real' && session.capabilities.includes('prepare') && h('p', { class: 'request-links' },
      h('a', { href: `/#/scenarios/${one.id}`, data: { key: `edit-${one.id}` } }, t('scenarios.edit')),
      h('button', { type: 'button', class: 'button button-small', data: { key: `remove-${one.id}` }, on: { click: () => { void remove(one) } } }, t('scenarios.remove'))),
    session.capabilities.includes('launch') && ready)
}

/** Who asks for its approval, what changed since the last one, and what may be answered. @param {any} one */
function approval(one) {
  const asked = one.request
  const mayApprove = one.savedBy !== session.user && session.capabilities.includes('approve')
  const why = whyNot(session, one.savedBy)
  const reason = h('input', { type: 'text', id: `refuse-${one.id}`, maxlength: 500, autocomplete: 'off' })
  return [
    asked?.state === 'pending' && h('p', {}, t('scenarios.asked', { user: asked.askedBy, time: n.dateTime(asked.askedAt) })),
    asked?.state === 'refused' && noticeBox(t('scenarios.refusedBy', { user: asked.decidedBy ?? '', reason: asked.reason ?? '' })),
    one.changes.length > 0 && h('div', {}, h('p', {}, t('scenarios.changed')), h('ul', { class: 'request-changes' }, one.changes.map(change => h('li', {}, h('strong', {}, t(`scenarios.field.${change.field}`)), ' : ', change.before !== change.after ? [h('del', {}, change.before), ' → ', h('ins', {}, change.after)] : t('scenarios.redrawn', { name: change.after }))))),
    h('div', { class: 'request-actions' },
      mayApprove && why && closedButton(t('scenarios.approve'), why, 'button button-wide'),
      mayApprove && !why && h('button', { type: 'button', class: 'button button-wide', data: { key: 'approve' }, on: { click: () => act(() => post(`/api/scenarios/${one.id}/approve`, { hash: one.hash })) } }, t('scenarios.approve')),
      mayApprove && asked?.state === 'pending' && h('form', { class: 'field', novalidate: true, on: { submit: event => { event.preventDefault(); void act(() => post(`/api/scenarios/${one.id}/refuse`, { hash: one.hash, reason: reason.value.trim() })) } } },
        h('label', { for: reason.id }, t('scenarios.whyRefuse')), reason, h('button', { type: 'submit', class: 'button button-wide', data: { key: 'refuse' } }, t('scenarios.refuse'))),
      session.capabilities.includes('prepare') && asked?.state !== 'pending' && h('button', { type: 'button', class: 'button button-wide', data: { key: 'ask' }, on: { click: () => act(() => post(`/api/scenarios/${one.id}/ask`, undefined)) } }, t('scenarios.ask'))),
  ]
}

/** @param {any} one */
async function remove(one) {
  if (await ask({ title: t('scenarios.removeAsk', { name: one.name }), lines: [t('scenarios.removeLine')], confirm: t('scenarios.remove'), danger: true })) await act(() => call('DELETE', `/api/scenarios/${one.id}`))
}

/** @param {any} one @param {any} gesture @param {any} preview */
function confirmation(one, gesture, preview) {
  const communes = t('launch.communes', { count: preview.communesTotal })
  const asks = preview.lane === 'second_person'
  const reason = asks && preview.approvers === 0 ? h('input', { type: 'text', id: `reason-${one.id}`, maxlength: 500, autocomplete: 'off' }) : null
  const key = uuid()
  return [
    preview.guards.map(rail => noticeBox(rail.message)),
    preview.cut && noticeBox(t('review.cut', { territory: preview.cut.territory, communes: preview.cut.communes.join(', '), area: preview.cut.areaSquareMetres === null ? '–' : n.area(preview.cut.areaSquareMetres), count: preview.cut.recipients })),
    asks && !reason && noticeBox(t('scenarios.takesTwo')),
    reason && h('div', { class: 'field' }, h('label', { for: reason.id }, t('launch.acceptance')), reason),
    (!asks || reason) && h('button', { type: 'button', class: `button button-wide ${gesture.mode === 'real' ? 'button-danger' : 'button-primary'}`, data: { key: 'launch' }, on: { click: () => { void launch(one, gesture, preview, key, reason?.value.trim()) } } }, t(`launch.go.${gesture.mode}`, { count: preview.expectedNumber, communes })),
  ]
}

let acting = false
/** @param {any} one @param {any} gesture @param {any} preview @param {string} key @param {string} [reason] */
async function launch(one, gesture, preview, key, reason) {
  if (acting) return
  acting = true
  try {
    const { id } = await post(`/api/scenarios/${one.id}/launch`, { ...gesture, audienceHash: preview.audienceHash, requestKey: key, openedAt: preview.openedAt, ...(reason ? { acceptance: reason } : {}) })
    count(id)
  } catch (error) { render(outcome, errorBox(error)); window.scrollTo(0, 0) } finally { acting = false }
}

/** The seconds in which it can be taken back. @param {number} id */
function count(id) {
  let left = UNDO_SECONDS
  const words = h('p', { class: 'undo-words' })
  const button = h('button', { type: 'button', class: 'button button-wide', data: { key: 'undo' }, on: { click: () => { void undo() } } }, t('scenarios.undo'))
  const tick = setInterval(() => { left -= 1; say() }, 1000)
  function say() {
    words.textContent = left > 0 ? t('scenarios.leaves', { count: left }) : t('scenarios.left')
    if (left > 0) return
    clearInterval(tick)
    location.assign(`/#/campagnes/${id}`)
  }
  async function undo() {
    clearInterval(tick)
    try {
      await post(`/api/campaigns/${id}/undo`, undefined)
      render(outcome, noticeBox(t('scenarios.undone'), 'success'))
    } catch (error) { render(outcome, errorBox(error, { actions: [h('a', { href: `/#/campagnes/${id}` }, t('approvals.campaign', { id: String(id) }))] })) }
    await look()
  }
  render(list)
  render(outcome, h('div', { class: 'undo', role: 'alert' }, words, button))
  say()
  button.focus()
}

/** @param {() => Promise<any>} work */
async function act(work) {
  if (acting) return
  acting = true
  render(outcome)
  try { await work() } catch (error) { render(outcome, errorBox(error)); outcome.scrollIntoView({ block: 'nearest' }) } finally { acting = false }
  await look()
}

void openDesk('scenarios.title', async opened => {
  session = opened
  const other = otherConsole()
  if (other) render(byId('other'), h('a', { href: other, data: { key: 'other-console' } }, t(MODE === 'exercise' ? 'exercise.back' : 'exercise.go')))
  await look()
})
