/** The guided first exercise, told beside the console: a strip that watches what the operator does, and does none of it. */
import { get } from '../core/api.js'
import { announce } from '../core/announce.js'
import { byId, h, icon, render } from '../core/dom.js'
import { store } from '../core/state.js'
import { n, t } from '../core/texts.js'
import { MODE, otherConsole } from '../core/world.js'
import { GUIDE_STEPS, looked, newGuide, nextOfAllClear, partOf, reading, restoredGuide, stepSeconds, stepsText } from '../pure/guide.js'
import { parseInteger } from '../pure/numbers.js'
import { goTo } from './steps.js'

const KEY = 'tocsin.guide'
const HASH = '#/guide'
/** Communes that one address may ask for. */
const MOST_TOWNS = 1000
/** Where the eye and the keyboard go for a step: the first of these that is there. */
const TARGETS = {
  commune: ['[role=combobox]'], zone: ['[data-key=tool-polygon]'], count: ['#figures'], message: ['#subject'], channels: ['#channel-sms'], review: ['#left-title'], launch: ['#confirmation', '.button-launch', '#left-title'],
  follow: ['#left-title'], allClear: ['[data-key=follow-allClear]', '#left-title'], report: ['[data-key=open-report]'],
}
const STEP_OF = { commune: 'zone', zone: 'zone', count: 'zone', message: 'message', channels: 'channels', review: 'review', launch: 'launch' }

/** @param {any} session */
export function mountGuide(session) {
  const root = byId('guide')
  const asked = location.hash === HASH
  if (asked) history.replaceState(null, '', '/#/')
  if (MODE !== 'exercise') { if (asked) leadAway(root); return }

  const ahead = store.get().config?.serverTime ? Date.parse(store.get().config.serverTime) - Date.now() : 0
  const now = () => Date.now() + ahead
  /** @type {import('../pure/guide.js').Guide|null} */ let guide = null
  let folded = false
  let isKept = true
  let town = null

  try { const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null'); guide = kept?.user === session.user ? restoredGuide(kept.guide) : null } catch { guide = null }
  function keep(next) {
    guide = next
    try { if (guide) localStorage.setItem(KEY, JSON.stringify({ user: session.user, guide })); else localStorage.removeItem(KEY) } catch { isKept = false }
    draw()
  }

  /** The town the story is told of: one of the organisation's, where most of its register lives. */
  async function nameTown() {
    try {
      const { communes } = await get('/api/coverage/communes')
      const shares = new Map(communes.filter(one => one.share > 0).slice(0, MOST_TOWNS).map(one => [one.code, one.share]))
      if (shares.size === 0) return
      const found = (await get(`/api/communes?codes=${[...shares.keys()].join(',')}`)).communes
      const people = one => (one.population ?? 0) * (shares.get(one.code) ?? 0)
      town = found.reduce((most, one) => (most && people(most) >= people(one) ? most : one), null)?.name ?? null
      if (guide && town && guide.town === null) keep({ ...guide, town })
    } catch { /* the story is told of “your commune” */ }
  }

  function start() {
    folded = false
    keep(looked({ ...newGuide(now()), town }, store.get(), session.user, now()))
    root.querySelector('h2')?.focus()
    void nameTown()
  }
  function move(by) {
    const step = GUIDE_STEPS[guide.step]
    if (by > 0 && step && !reading(step, store.get(), guide).done) { announce(t('guide.notYet')); return }
    folded = false
    keep({ ...guide, step: Math.max(0, Math.min(GUIDE_STEPS.length, guide.step + by)) })
    root.querySelector('h2')?.focus()
  }
  function leave() { keep(null); byId('left-title').focus() }

  /** Shows the part of the console a step is done in; doing it stays the operator's. */
  function show() {
    const step = GUIDE_STEPS[guide.step]
    const { route } = store.get()
    // The all-clear is written where every message is: it is not left for the page of the campaign.
    const writes = step === 'allClear' && guide.allClear === null && partOf(store.get(), guide) === 'allClear' ? nextOfAllClear(store.get()) : null
    const wanted = writes ?? STEP_OF[step]
    if (wanted ? route.name !== 'draft' : guide.campaign && route.id !== guide.campaign && route.id !== guide.allClear) location.hash = wanted ? '#/' : `#/campagnes/${guide.campaign}`
    if (wanted && store.get().step !== wanted) goTo(wanted)
    // On a telephone the words would lie over what they lead to.
    if (matchMedia('(max-width: 800px)').matches) { folded = true; draw() }
    // Drawn first, where the route changed.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const node = TARGETS[writes ?? step].map(selector => document.querySelector(selector)).find(one => one && one.offsetParent)
      node?.focus()
      node?.scrollIntoView({ block: 'center' })
    }))
  }

  const lines = (key, values) => t(key, values).split('\n').map(line => h('p', {}, line))
  const button = (key, text, run, more = {}) => h('button', { type: 'button', class: 'button button-small', data: { key: `guide-${key}` }, on: { click: run }, ...more }, text)
  const certificate = (format, text) => h('a', { class: 'button button-small', data: { key: `guide-${format}` }, href: `/api/campaigns/${encodeURIComponent(guide.campaign)}/certificate?format=${format}&steps=${encodeURIComponent(stepsText(guide))}`, ...(format === 'html' ? { target: '_blank', rel: 'noopener' } : { download: `attestation-exercice-${guide.campaign}.${format}` }) }, icon('download'), text)

  function question() {
    const field = h('input', { type: 'text', inputmode: 'numeric', id: 'guide-possible', class: 'short', autocomplete: 'off', data: { key: 'guide-possible' } })
    const check = event => { event.preventDefault(); const typed = parseInteger(field.value); keep(looked({ ...guide, possible: typed ?? -1 }, store.get(), session.user, now())); root.querySelector('#guide-possible')?.focus() }
    if (guide.possible !== null && guide.possible >= 0) field.value = String(guide.possible)
    return h('form', { class: 'guide-question', novalidate: true, on: { submit: check } }, h('label', { for: 'guide-possible' }, t('guide.count.question')), field, h('button', { type: 'submit', class: 'button button-small', data: { key: 'guide-check' } }, t('guide.count.answer')))
  }

  function over() {
    return [
      h('h2', { tabindex: '-1' }, icon('check'), t('guide.over.title')), ...lines('guide.over.lines'),
      guide.campaign && h('div', { class: 'row row-buttons guide-acts' }, certificate('pdf', t('guide.over.pdf')), certificate('html', t('guide.over.html')), certificate('json', t('guide.over.json'))),
      h('details', { class: 'fold guide-times' }, h('summary', {}, t('guide.over.times')), h('table', { class: 'data' }, h('caption', { class: 'visually-hidden' }, t('guide.over.times')),
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('guide.over.step')), h('th', { scope: 'col', class: 'number' }, t('guide.over.time')))),
        h('tbody', {}, stepSeconds(guide).map(({ step, seconds }) => h('tr', {}, h('th', { scope: 'row' }, t(`guide.${step}.name`)), h('td', { class: 'number' }, seconds === null ? t('guide.over.unknown') : n.duration(seconds))))))),
      h('div', { class: 'row row-buttons guide-acts' }, button('back', t('guide.back'), () => move(-1)), button('again', t('guide.over.again'), start), button('leave', t('guide.leave'), leave)),
    ]
  }

  let said = ''
  const heading = h('div', {})
  const status = h('p', { class: 'guide-status', role: 'status', 'aria-live': 'polite' })
  function draw() {
    const step = guide ? GUIDE_STEPS[guide.step] : null
    document.body.dataset.guide = step ?? ''
    const isOffered = !guide && store.get().route.name === 'draft' && store.get().draft.items.length === 0 && store.get().step === 'zone'
    root.hidden = !guide && !isOffered
    if (root.hidden) { said = ''; return }
    if (!guide) { said = ''; render(root, h('div', { class: 'guide-offer' }, h('p', {}, t('guide.offer')), button('start', t('guide.start'), start))); return }
    if (!step) { if (said !== 'over') { said = 'over'; render(root, over()) } return }
    const { done, problem } = reading(step, store.get(), guide)
    const values = { town: guide.town ?? t('guide.town') }
    const state = done ? t('guide.done') : problem ? t(problem.startsWith('lack.') ? problem : `guide.problem.${problem}`) : t('guide.todo')
    render(heading, h('h2', { tabindex: '-1', data: { key: 'guide-title' } }, t('guide.stepOf', { number: guide.step + 1, total: GUIDE_STEPS.length, name: t(`guide.${step}.name`) })))
    // The same status stays in the page: a new one would not be read out.
    if (said !== `${step} ${state}`) { said = `${step} ${state}`; render(status, icon(done ? 'check' : problem ? 'warning' : 'info'), h('span', {}, state)) }
    status.className = `guide-status guide-status-${done ? 'done' : problem ? 'problem' : 'todo'}`
    if (!root.contains(status)) root.replaceChildren(heading, body, status, acts)
    render(body, !folded && [...lines(`guide.${step}.lines`, values), step === 'count' && question(), !isKept && h('p', { class: 'small' }, t('guide.notKept'))])
    render(acts,
      button('show', t('guide.goTo'), show), button('back', t('guide.back'), () => move(-1), { disabled: guide.step === 0 }),
      h('button', { type: 'button', class: `button button-small${done ? ' button-primary' : ''}`, data: { key: 'guide-next' }, 'aria-disabled': done ? null : 'true', on: { click: () => move(1) } }, t('guide.next')),
      button('fold', t(folded ? 'guide.unfold' : 'guide.fold'), () => { folded = !folded; draw() }, { 'aria-expanded': String(!folded) }), button('leave', t('guide.leave'), leave))
  }
  const body = h('div', { class: 'guide-body' })
  const acts = h('div', { class: 'guide-acts' })

  store.watch(state => [state.route, state.step, state.draft, state.sketch, state.counts, state.review, state.followed, state.reportOpen], () => {
    if (!guide) { draw(); return }
    const next = looked(guide, store.get(), session.user, now())
    // Nothing else changed: the field being typed in is left alone.
    if (next !== guide) keep(next)
    else draw()
  })
  if (asked && !guide) start()
  else if (guide && guide.town === null) void nameTown()
}

/** At the real address there is nothing to try: the way to where there is. @param {HTMLElement} root */
function leadAway(root) {
  const other = otherConsole()
  root.hidden = false
  render(root, h('div', { class: 'guide-offer' }, h('p', {}, t(other ? 'guide.notHere' : 'guide.nowhere')), other && h('a', { class: 'button button-small', data: { key: 'guide-away' }, href: `${other}${HASH}` }, t('guide.goThere'))))
}
