/** Requests for a second person's approval, on a telephone as on a desk. */
import { call, get, onApi, post, useToken } from './core/api.js'
import { askForProof } from './core/proof.js'
import { errorBox, noticeBox } from './core/errors.js'
import { byId, h, loadIcons, render } from './core/dom.js'
import { closedButton, whyNot } from './core/hands.js'
import { n, t, translate } from './core/texts.js'

/** How often the requests are read again: approvers have three minutes. */
const PERIOD = 3_000

onApi({ proofNeeded: askForProof })
translate(document)
void loadIcons()
document.title = `${t('approvals.title')} – ${t('brand')}`
const list = byId('requests')
const outcome = byId('outcome')
let session = null
let board = null
let shown = ''

async function look() {
  try {
    board = await get('/api/approvals')
  } catch (error) {
    if (error.status === 401) location.assign('/connexion?motif=expiree')
    else render(outcome, errorBox(error))
    return
  }
  draw()
}

/** Redrawn only when something changed: never while a reason is being typed. */
function draw() {
  const mine = board.approvals.some(one => one.isMine && one.state === 'pending' && board.approvers > 0)
  const key = JSON.stringify(board.approvals) + JSON.stringify(board.alone) + (mine ? board.approvals.map(one => Date.now() >= new Date(one.breakGlassAt).getTime()).join() : '')
  if (key !== shown) {
    shown = key
    render(byId('alone'), board.alone.map(one => noticeBox(t(one.change === 'amend' || one.change === 'join' ? `approvals.alone.${one.change}` : 'approvals.alone', { id: String(one.campaign), user: one.user, time: n.dateTime(one.at), reason: one.reason }))),
      board.approvers === 0 && noticeBox(t('approvals.noSecond')))
    render(list, board.approvals.length === 0 ? h('p', { class: 'empty' }, t('approvals.none')) : board.approvals.map(card))
  }
  for (const node of document.querySelectorAll('[data-break-at]')) {
    const left = Math.ceil((new Date(/** @type {HTMLElement} */ (node).dataset.breakAt).getTime() - Date.now()) / 1000)
    node.textContent = left > 0 ? t('approvals.wait', { time: n.duration(left) }) : ''
  }
}

/** What a request would do, and what may be answered. @param {any} one */
function card(one) {
  const communes = t('launch.communes', { count: one.communesTotal })
  const rest = one.communesTotal - one.communes.length
  return h('article', { class: `request request-${one.state}`, data: { id: String(one.id), state: one.state } },
    h('p', { class: 'request-state' }, one.decidedBy ? t('approvals.decided', { state: t(`approvals.state.${one.state}`), user: one.decidedBy, time: n.dateTime(one.decidedAt) }) : t(`approvals.state.${one.state}`)),
    h('h2', {}, t('approvals.what', { count: one.recipients, communes })),
    h('p', { class: 'muted' }, t('approvals.by', { user: one.askedBy, time: n.dateTime(one.askedAt) })),
    h('p', { class: 'request-subject', lang: 'fr' }, one.subject),
    h('p', { class: 'request-text', lang: 'fr' }, one.text),
    h('dl', { class: 'request-facts' },
      h('dt', {}, t('approvals.where')), h('dd', {}, one.communes.join(', '), rest > 0 ? ` ${t('review.others', { count: rest })}` : ''),
      h('dt', {}, t('approvals.zone')), h('dd', {}, one.zone),
      h('dt', {}, t('approvals.how')), h('dd', {}, one.channels.map(channel => t(`channel.${channel}`)).join(', '))),
    one.reason && h('p', {}, t('approvals.reason', { reason: one.reason })),
    one.campaign && h('p', {}, h('a', { href: `/#/campagnes/${one.campaign}` }, t('approvals.campaign', { id: String(one.campaign) }))),
    one.mayApprove && answers(one),
    one.isMine && one.state === 'pending' && own(one))
}

/** @param {any} one */
function answers(one) {
  const why = whyNot(session, one.askedBy), name = t('approvals.approve', { count: one.recipients })
  return h('div', { class: 'request-actions' },
    why ? closedButton(name, why, 'button button-danger button-wide') : h('button', { type: 'button', class: 'button button-danger button-wide', data: { key: 'approve' }, on: { click: event => act(event, () => post(`/api/approvals/${one.id}/approve`, undefined)) } }, name),
    withReason(one, 'refuse', 'approvals.why', 'approvals.refuse', 'button button-wide'))
}

/** @param {any} one */
function own(one) {
  const isOpen = board.approvers === 0 || Date.now() >= new Date(one.breakGlassAt).getTime()
  return h('div', { class: 'request-actions' },
    !isOpen && h('p', { class: 'muted', data: { breakAt: one.breakGlassAt } }),
    isOpen && withReason(one, 'break-glass', 'approvals.whyAlone', 'approvals.break', 'button button-danger button-wide'),
    h('button', { type: 'button', class: 'button button-wide', data: { key: 'withdraw' }, on: { click: event => act(event, () => post(`/api/approvals/${one.id}/withdraw`, undefined)) } }, t('approvals.withdraw')))
}

/** A verb that takes a reason. @param {any} one @param {string} verb @param {string} label @param {string} name @param {string} style */
function withReason(one, verb, label, name, style) {
  const id = `${verb}-${one.id}`
  const field = h('input', { type: 'text', id, maxlength: 500, autocomplete: 'off' })
  return h('form', { class: 'field', novalidate: true, on: { submit: event => {
    event.preventDefault()
    if (field.value.trim().length < 5) { field.setAttribute('aria-invalid', 'true'); render(outcome, noticeBox(t('approvals.needReason'))); field.focus(); return }
    void act(event, () => post(`/api/approvals/${one.id}/${verb}`, { reason: field.value.trim() }))
  } } }, h('label', { for: id }, t(label)), field, h('button', { type: 'submit', class: style, data: { key: verb } }, t(name)))
}

let acting = false
/** @param {any} event @param {() => Promise<any>} work */
async function act(event, work) {
  if (acting) return
  acting = true
  render(outcome)
  try { await work() } catch (error) { render(outcome, errorBox(error)) } finally { acting = false }
  shown = ''
  await look()
}

async function open() {
  try { session = await call('GET', '/api/session'); useToken(session.csrf) } catch { location.assign('/connexion?motif=expiree'); return }
  await look()
  document.body.dataset.ready = 'true'
  setInterval(look, PERIOD)
  setInterval(() => { if (board) draw() }, 1_000)
}
void open()
