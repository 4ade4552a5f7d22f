/** Scenarios: what was prepared ahead leaves after one confirmation, and can be taken back for five seconds. */
import { call, get, onApi, post, useToken } from './core/api.js'
import { askForProof } from './core/proof.js'
import { errorBox, noticeBox } from './core/errors.js'
import { byId, h, loadIcons, render, uuid } from './core/dom.js'
import { closedButton, whyNot } from './core/hands.js'
import { n, t, titled, translate } from './core/texts.js'
import { MODE, otherConsole } from './core/world.js'

const UNDO_SECONDS = 5

onApi({ proofNeeded: askForProof })
translate(document)
void loadIcons()
document.title = titled(t('scenarios.title'))
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
    MODE === 'real' && !one.approvedBy && one.savedBy !== session.user && session.capabilities.includes('approve') && approval(one),
    session.capabilities.includes('launch') && ready)
}

/** @param {any} one */
function approval(one) {
  const why = whyNot(session, one.savedBy)
  return why ? closedButton(t('scenarios.approve'), why, 'button button-wide')
    : h('button', { type: 'button', class: 'button button-wide', data: { key: 'approve' }, on: { click: () => { void approve(one) } } }, t('scenarios.approve'))
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

/** @param {any} one */
async function approve(one) {
  try { await post(`/api/scenarios/${one.id}/approve`, { hash: one.hash }) } catch (error) { render(outcome, errorBox(error)); return }
  await look()
}

async function open() {
  try { session = await call('GET', '/api/session'); useToken(session.csrf) } catch { location.assign('/connexion?motif=expiree'); return }
  const other = otherConsole()
  if (other) render(byId('other'), h('a', { href: other, data: { key: 'other-console' } }, t(MODE === 'exercise' ? 'exercise.back' : 'exercise.go')))
  await look()
  document.body.dataset.ready = 'true'
}
void open()
