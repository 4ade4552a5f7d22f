/** The gateways, live: which one carries, which one does not, since when and why. */
import { get, post } from './core/api.js'
import { announce } from './core/announce.js'
import { button, fail, moment, openDesk, part, tell } from './core/desk.js'
import { byId, h, icon, render } from './core/dom.js'
import { noticeBox } from './core/errors.js'
import { hasText, language, n, t } from './core/texts.js'
import { MODE } from './core/world.js'
import { changes, shareTaken, stateOf } from './pure/gateways.js'

const MARKS = { closed: 'check', open: 'warning', half_open: 'redo', unknown: 'info' }
/** After this long without news the page says that it is not live. */
const LONGEST_SILENCE = 3000
/** So long a choice that is left open keeps the cards from being drawn anew. */
const LONGEST_CHOICE = 8000

const live = h('p', { class: 'live-line', id: 'live' })
const carrier = h('div', {})
const queues = h('p', {})
const list = h('ul', { class: 'gateways', id: 'gateways' })
let board = null
let heardAt = 0
let isLost = false
let mayTest = false
let places = []
/** Which place each gateway's test goes to: kept while the cards are drawn anew. */
const chosen = new Map()

const time = text => new Date(text).toLocaleTimeString(language === 'fr' ? 'fr-FR' : 'en-GB')

const stateWords = state => t(state.key, state.values)

/** A card that is pressed or chosen in is not pulled away from under the hand. */
let isPressed = false, choseAt = 0
list.addEventListener('pointerdown', () => { isPressed = true })
for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => { setTimeout(() => { isPressed = false }) })
for (const kind of ['focusin', 'change', 'keydown']) list.addEventListener(kind, event => { if (event.target instanceof HTMLSelectElement) choseAt = Date.now() })

function take(next) {
  for (const card of changes(board, next)) announce(t('gateways.spoken', { name: card.name, state: stateWords(stateOf(card, Date.now())) }))
  board = next
  heardAt = Date.now()
  draw()
}

function drawLive() {
  const isSilent = isLost || Date.now() - heardAt > LONGEST_SILENCE
  const words = isSilent ? t('gateways.lost', { time: heardAt ? new Date(heardAt).toLocaleTimeString(language === 'fr' ? 'fr-FR' : 'en-GB') : '–' }) : t('gateways.live', { time: time(board.at) })
  live.dataset.live = isSilent ? 'lost' : 'live'
  render(live, icon(isSilent ? 'warning' : 'check'), h('span', {}, words))
}

function draw() {
  drawLive()
  const isHere = board.carrier === 'here'
  if (carrier.dataset.shown !== `${board.carrier} ${board.holder}`) {
    carrier.dataset.shown = `${board.carrier} ${board.holder}`
    render(carrier, !isHere && noticeBox(t(`gateways.carrier.${board.carrier}`, { holder: board.holder ?? '' }), board.carrier === 'elsewhere' ? 'info' : 'warning'))
  }
  queues.textContent = board.queues.length === 0 ? t('gateways.noQueue') : t('gateways.queues', { list: board.queues.map(one => t('gateways.queue', { channel: t(`channel.${one.channel}`), count: one.queued })).join(', ') })
  const isChoosing = list.contains(document.activeElement) && document.activeElement instanceof HTMLSelectElement && Date.now() - choseAt < LONGEST_CHOICE
  if (isPressed || isChoosing) return
  render(list, board.gateways.length === 0 ? h('li', { class: 'empty' }, t(MODE === 'exercise' ? 'gateways.noneExercise' : 'gateways.none')) : board.gateways.map(card))
}

const fact = (label, ...value) => [h('dt', {}, label), h('dd', {}, value)]
const speed = (value, unit) => t(`gateways.speed.${unit}`, { value: n.decimal(value, 1) })

/** A failure in words where the catalogue has them, else as the network says it. */
const fault = text => hasText(`gateways.fault.${text}`) ? t(`gateways.fault.${text}`) : h('span', { lang: 'en' }, text)

/** @param {any} one */
function card(one) {
  const state = stateOf(one, Date.now())
  const share = shareTaken(one)
  const own = places.filter(place => place.channel === one.channel)
  return h('li', { class: `gateway gateway-${state.mark}`, data: { gateway: one.name, state: state.mark } },
    h('h3', {}, one.name),
    h('p', { class: 'gateway-state' }, icon(MARKS[state.mark]), h('span', {}, stateWords(state))),
    h('dl', { class: 'facts' },
      one.downSince && fact(t('gateways.since'), moment(one.downSince)),
      one.fault && fact(t(one.downSince ? 'gateways.why' : 'gateways.lastFault'), fault(one.fault), one.faultAt && ` (${time(one.faultAt)})`),
      fact(t('gateways.channel'), t(`channel.${one.channel}`)),
      one.weight !== null && fact(t('gateways.weight'), n.integer(one.weight)),
      one.window !== null && fact(t('gateways.window'), one.binds === null ? n.integer(one.window) : t('gateways.windowBinds', { window: one.window, count: one.binds })),
      one.circuit !== null && [
        fact(t('gateways.lastSuccess'), one.lastSuccess ? moment(one.lastSuccess) : t('gateways.never')),
        fact(t('gateways.lastProbe'), one.probedAt ? t(one.probeSucceeded ? 'gateways.probe.up' : 'gateways.probe.down', { time: time(one.probedAt) }) : t(one.canBeProbed ? 'gateways.probe.notYet' : 'gateways.probe.cannot')),
        fact(t('gateways.rate'), one.rate === null ? t('gateways.noRate') : speed(one.rate, one.unit), one.allowed !== null && one.rate !== null && one.allowed < one.rate && [' – ', t('gateways.slowed', { speed: speed(one.allowed, one.unit) })]),
        fact(t('gateways.pace'), speed(one.pace, one.unit)),
        fact(t('gateways.inFlight'), t('gateways.inFlightHeld', { flying: one.inFlight, held: one.held })),
        fact(t('gateways.hour'), share === null ? t('gateways.nothingSent') : t('gateways.hourShare', { share: n.percent(share), taken: one.taken, refused: one.refused, faults: one.faults })),
        fact(t('gateways.late'), one.lateReceipts === 0 ? t('gateways.noneLate') : [icon('warning'), ' ', t('gateways.lateCount', { count: one.lateReceipts })]),
      ]),
    mayTest && MODE === 'real' && trial(one, own))
}

/** One message to oneself. @param {any} one @param {any[]} own */
function trial(one, own) {
  if (own.length === 0) return h('p', { class: 'small muted' }, t('gateways.noPlace'))
  if (!own.some(place => place.label === chosen.get(one.name))) chosen.set(one.name, own[0].label)
  const select = h('select', { 'aria-label': t('gateways.testTo', { name: one.name }), data: { key: `place-${one.name}` }, on: { change: event => chosen.set(one.name, event.target.value) } }, own.map(place => h('option', { value: place.label, selected: place.label === chosen.get(one.name) }, place.label)))
  return h('p', { class: 'actions' }, own.length > 1 && select, button(t('gateways.test', { label: own.length > 1 ? '' : own[0].label }), async () => {
    const answer = await post('/api/gateways/test', { gateway: one.name, label: chosen.get(one.name) })
    const [word, cause] = answer.answer.split(': ')
    const text = t(answer.failed ? 'gateways.testFailed' : 'gateways.testSent', { name: one.name, label: chosen.get(one.name), answer: cause && hasText(`cause.${cause}`) ? t(`cause.${cause}`) : t(`test.answer.${word}`) })
    if (answer.failed) render(byId('outcome'), h('div', { role: 'alert' }, noticeBox(text, 'error')))
    else tell(text)
    announce(text)
  }, { label: one.name, key: `test-${one.name}` }))
}

/** @type {EventSource|null} */ let source = null

/** A stream takes one of the browser's few connections to the server: none while nobody looks. */
function listen() {
  source?.close()
  source = null
  if (document.hidden) return
  source = new EventSource('/api/gateways/events')
  const own = source
  own.addEventListener('gateways', event => { isLost = false; take(JSON.parse(event.data)) })
  own.addEventListener('error', () => {
    isLost = true
    drawLive()
    if (own.readyState !== EventSource.CLOSED || own !== source) return
    // Refused, or gone for good: whether the session still stands decides whether it is tried again.
    setTimeout(async () => {
      try { await get('/api/session') } catch (error) { if (error.status === 401) { fail(error); return } }
      if (own === source) listen()
    }, 2000)
  })
}

void openDesk('gatewaysPage.title', async session => {
  mayTest = session.capabilities.includes('launch')
  if (!session.capabilities.includes('statistics')) { render(byId('content'), noticeBox(t('gateways.notAllowed'), 'info')); return }
  if (mayTest && MODE === 'real') places = (await get('/api/message/test')).places
  render(byId('content'), part(t('gateways.now'), live, carrier, queues), part(t('gateways.all'), list),
    part(t('gateways.explained'), h('ul', { class: 'bullets' }, ['closed', 'half_open', 'open', 'pause', 'test'].map(name => h('li', {}, t(`gateways.explain.${name}`))))))
  take(await get('/api/gateways'))
  listen()
  document.addEventListener('visibilitychange', listen)
  setInterval(drawLive, 1000)
})
