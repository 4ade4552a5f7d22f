/** What waits for an answer: launches and texts for a second person, zones of other organisations. On a telephone as on a desk. */
import { get, post } from './core/api.js'
import { fail, openDesk } from './core/desk.js'
import { errorBox, noticeBox } from './core/errors.js'
import { byId, h, render } from './core/dom.js'
import { closedButton, whyNot } from './core/hands.js'
import { n, t } from './core/texts.js'

/** How often the requests are read again: approvers have three minutes. */
const PERIOD = 3_000

const outcome = byId('outcome')
let session = null
let board = null
let handed = { received: [], sent: [] }
let shown = ''

async function look() {
  try {
    const [approvals, requests] = await Promise.all([get('/api/approvals'), get('/api/requests')])
    board = approvals
    handed = requests
  } catch (error) { fail(error); return }
  draw()
}

/** From when somebody who asked may go on alone. */
const isOpen = one => board.approvers === 0 || Date.now() >= new Date(one.breakGlassAt).getTime()

/** Redrawn only when something changed: never while a reason is being typed. */
function draw() {
  const mine = [...board.approvals, ...board.amendments].filter(one => one.isMine && one.state === 'pending')
  const key = JSON.stringify([board, handed]) + mine.map(isOpen).join()
  if (key !== shown) {
    shown = key
    render(byId('alone'), board.alone.map(one => noticeBox(t(one.change === 'amend' || one.change === 'join' ? `approvals.alone.${one.change}` : 'approvals.alone', { id: String(one.campaign), user: one.user, time: n.dateTime(one.at), reason: one.reason }))),
      board.approvers === 0 && noticeBox(t('approvals.noSecond')))
    render(byId('requests'), board.approvals.length === 0 ? h('p', { class: 'empty' }, t('approvals.none')) : board.approvals.map(launchCard))
    render(byId('texts'), board.amendments.length > 0 && [h('h2', {}, t('texts.title')), board.amendments.map(textCard)])
    render(byId('handed'),
      handed.received.length > 0 && [h('h2', {}, t('handed.received')), handed.received.map(receivedCard)],
      handed.sent.length > 0 && [h('h2', {}, t('handed.given')), handed.sent.map(sentCard)])
  }
  for (const node of document.querySelectorAll('[data-break-at]')) {
    const { breakAt, wait } = /** @type {HTMLElement} */ (node).dataset
    const left = Math.ceil((new Date(breakAt).getTime() - Date.now()) / 1000)
    node.textContent = left > 0 ? t(wait, { time: n.duration(left) }) : ''
  }
}

const stateOf = (one, words = t(`approvals.state.${one.state}`)) => h('p', { class: 'request-state' }, one.decidedBy ? t('approvals.decided', { state: words, user: one.decidedBy, time: n.dateTime(one.decidedAt) }) : words)
const channelsOf = one => one.channels.map(channel => t(`channel.${channel}`)).join(', ')
function communesOf(one) {
  const rest = one.communesTotal - one.communes.length
  return [one.communes.join(', '), rest > 0 ? ` ${t('review.others', { count: rest })}` : '']
}

/** What a launch would do, and what may be answered. @param {any} one */
function launchCard(one) {
  const communes = t('launch.communes', { count: one.communesTotal })
  return h('article', { class: `request request-${one.state}`, data: { id: String(one.id), state: one.state } },
    stateOf(one),
    h('h2', {}, t('approvals.what', { count: one.recipients, communes })),
    h('p', { class: 'muted' }, t('approvals.by', { user: one.askedBy, time: n.dateTime(one.askedAt) })),
    h('p', { class: 'request-subject', lang: 'fr' }, one.subject),
    h('p', { class: 'request-text', lang: 'fr' }, one.text),
    h('dl', { class: 'request-facts' },
      h('dt', {}, t('approvals.where')), h('dd', {}, communesOf(one)),
      h('dt', {}, t('approvals.zone')), h('dd', {}, one.zone),
      h('dt', {}, t('approvals.how')), h('dd', {}, channelsOf(one))),
    one.reason && h('p', {}, t('approvals.reason', { reason: one.reason })),
    one.campaign && h('p', {}, h('a', { href: `/#/campagnes/${one.campaign}` }, t('approvals.campaign', { id: String(one.campaign) }))),
    one.mayApprove && answers(one, 'approvals', t('approvals.approve', { count: one.recipients })),
    one.isMine && one.state === 'pending' && own(one, 'approvals', 'approvals.break', 'approvals.wait'))
}

/** What a campaign would say instead. @param {any} one */
function textCard(one) {
  return h('article', { class: `request request-${one.state}`, data: { text: String(one.id), state: one.state } },
    stateOf(one, one.state === 'void' ? t('texts.void') : t(`approvals.state.${one.state}`)),
    h('h3', {}, t('texts.what', { id: String(one.campaign) })),
    h('p', { class: 'muted' }, t('approvals.by', { user: one.askedBy, time: n.dateTime(one.askedAt) })),
    one.before !== null && [h('p', { class: 'muted' }, t('texts.before')), h('p', { class: 'request-text', lang: 'fr' }, one.before)],
    h('p', { class: 'muted' }, t('texts.after')),
    h('p', { class: 'request-subject', lang: 'fr' }, one.subject), h('p', { class: 'request-text', lang: 'fr' }, one.text),
    one.wordings.map(text => h('p', { class: 'request-text' }, text)),
    one.reason && h('p', {}, t('approvals.reason', { reason: one.reason })),
    h('p', {}, h('a', { href: `/#/campagnes/${one.campaign}` }, t('approvals.campaign', { id: String(one.campaign) }))),
    one.mayApprove && answers(one, 'amendments', t('texts.approve')),
    one.isMine && one.state === 'pending' && own(one, 'amendments', 'texts.break', 'texts.wait'))
}

/** What another organisation hands over. @param {any} one */
function receivedCard(one) {
  const prepare = () => location.assign(`/#/transmises/${one.id}`)
  return h('article', { class: `request request-${one.state}`, data: { handed: String(one.id), state: one.state } },
    stateOf(one, t(`handed.state.${one.state}`)), h('h3', {}, t('handed.from', { name: one.from })), parts(one),
    one.campaign ? h('p', {}, t('handed.launched', { time: n.dateTime(one.launchedAt) }), ' · ', h('a', { href: `/#/campagnes/${one.campaign}` }, t('approvals.campaign', { id: String(one.campaign) }))) : null,
    one.mayAnswer && h('div', { class: 'request-actions' },
      h('p', { class: 'muted' }, t('handed.acceptHint')),
      h('button', { type: 'button', class: 'button button-danger button-wide', data: { key: 'accept' }, on: { click: async event => { if (await act(event, () => post(`/api/requests/${one.id}/accept`, undefined))) prepare() } } }, t('handed.accept')),
      withReason(one, 'requests', 'refuse', 'handed.why', 'handed.refuse', 'button button-wide')),
    one.state === 'accepted' && !one.campaign && session.capabilities.includes('launch') && h('div', { class: 'request-actions' },
      h('button', { type: 'button', class: 'button button-wide', data: { key: 'prepare' }, on: { click: prepare } }, t('handed.prepare'))))
}

/** What this organisation handed over, and what became of it. @param {any} one */
function sentCard(one) {
  return h('article', { class: `request request-${one.state}`, data: { sent: String(one.id), state: one.state, launched: one.launchedAt ? 'yes' : 'no' } },
    stateOf(one, t(`handed.state.${one.state}`)), h('h3', {}, t('handed.sentTo', { name: one.to })), parts(one),
    one.state === 'accepted' && h('p', {}, one.launchedAt ? t('handed.launched', { time: n.dateTime(one.launchedAt) }) : t('handed.notLaunched')),
    one.reason && h('p', {}, t('approvals.reason', { reason: one.reason })),
    one.mayAnswer && h('div', { class: 'request-actions' },
      h('button', { type: 'button', class: 'button button-wide', data: { key: 'withdraw' }, on: { click: event => act(event, () => post(`/api/requests/${one.id}/withdraw`, undefined)) } }, t('handed.withdraw'))))
}

/** @param {any} one */
const parts = one => [
  h('p', { class: 'muted' }, t('handed.by', { user: one.askedBy, time: n.dateTime(one.askedAt), until: n.dateTime(one.expiresAt) })),
  h('p', { class: 'request-subject', lang: 'fr' }, one.subject), h('p', { class: 'request-text', lang: 'fr' }, one.text),
  one.note && h('p', {}, t('handed.noteShown', { note: one.note })),
  h('dl', { class: 'request-facts' },
    h('dt', {}, t('handed.where')), h('dd', {}, n.area(one.areaSquareMetres), ' · ', communesOf(one)),
    h('dt', {}, t('approvals.how')), h('dd', {}, channelsOf(one))),
]

/** @param {any} one @param {string} place @param {string} words */
function answers(one, place, words) {
  const why = whyNot(session, one.askedBy)
  return h('div', { class: 'request-actions' },
    why ? closedButton(words, why, 'button button-danger button-wide') : h('button', { type: 'button', class: 'button button-danger button-wide', data: { key: 'approve' }, on: { click: event => act(event, () => post(`/api/${place}/${one.id}/approve`, undefined)) } }, words),
    withReason(one, place, 'refuse', 'approvals.why', 'approvals.refuse', 'button button-wide'))
}

/** @param {any} one @param {string} place @param {string} breaking @param {string} waiting */
function own(one, place, breaking, waiting) {
  const open = isOpen(one)
  return h('div', { class: 'request-actions' },
    !open && h('p', { class: 'muted', data: { breakAt: one.breakGlassAt, wait: waiting } }),
    open && withReason(one, place, 'break-glass', 'approvals.whyAlone', breaking, 'button button-danger button-wide'),
    h('button', { type: 'button', class: 'button button-wide', data: { key: 'withdraw' }, on: { click: event => act(event, () => post(`/api/${place}/${one.id}/withdraw`, undefined)) } }, t('approvals.withdraw')))
}

/** A verb that takes a reason. @param {any} one @param {string} place @param {string} verb @param {string} label @param {string} name @param {string} style */
function withReason(one, place, verb, label, name, style) {
  const id = `${place}-${verb}-${one.id}`
  const field = h('input', { type: 'text', id, maxlength: 500, autocomplete: 'off' })
  return h('form', { class: 'field', novalidate: true, on: { submit: event => {
    event.preventDefault()
    if (field.value.trim().length < 5) { field.setAttribute('aria-invalid', 'true'); render(outcome, noticeBox(t('approvals.needReason'))); field.focus(); return }
    void act(event, () => post(`/api/${place}/${one.id}/${verb}`, { reason: field.value.trim() }))
  } } }, h('label', { for: id }, t(label)), field, h('button', { type: 'submit', class: style, data: { key: verb } }, t(name)))
}

let acting = false
/** @param {any} event @param {() => Promise<any>} work @returns {Promise<boolean>} whether it was done */
async function act(event, work) {
  if (acting) return false
  acting = true
  let done = false
  render(outcome)
  try { await work(); done = true } catch (error) { render(outcome, errorBox(error)); outcome.scrollIntoView({ block: 'nearest' }) } finally { acting = false }
  shown = ''
  await look()
  return done
}

void openDesk('approvals.title', async opened => {
  session = opened
  await look()
  setInterval(look, PERIOD)
  setInterval(() => { if (board) draw() }, 1_000)
})
