/** The guided first exercise: what each of its steps asks for, and what the console's own state says of it. */
import { isSettled } from './progress.js'
import { missing } from './steps.js'

/** @typedef {{step:number, startedAt:number, town:string|null, times:Record<string, number>, possible:number|null, campaign:string|null, allClear:string|null, part:string|null}} Guide */

export const GUIDE_STEPS = /** @type {const} */ (['commune', 'zone', 'count', 'message', 'channels', 'review', 'launch', 'follow', 'allClear', 'report'])

/** Where in the console a step is done, in the order the console goes through them. */
const PLACES = ['zone', 'message', 'channels', 'review', 'launch', 'campaign']
const PLACE_OF = { commune: 'zone', zone: 'zone', count: 'zone', message: 'message', channels: 'channels', review: 'review', launch: 'launch', follow: 'campaign', allClear: 'campaign', report: 'campaign' }

/** Letters of a text that says what happens, where and what to do; below, it is no message yet. */
export const SHORTEST_TEXT = 20

/** @param {number} now milliseconds, by the server's clock @returns {Guide} */
export const newGuide = now => ({ step: 0, startedAt: now, town: null, times: {}, possible: null, campaign: null, allClear: null, part: null })

/** What was kept, or null when it is not a guide of these steps. @param {any} kept @returns {Guide|null} */
export function restoredGuide(kept) {
  const isOne = kept && Number.isInteger(kept.step) && kept.step >= 0 && kept.step <= GUIDE_STEPS.length && Number.isFinite(kept.startedAt) && kept.times && typeof kept.times === 'object'
  return isOne ? { ...newGuide(kept.startedAt), ...kept } : null
}

/** @param {any} state @returns {string} where the console is */
const placeOf = state => (state.route.name === 'campaign' ? 'campaign' : state.route.name === 'draft' ? state.step : 'list')

/** How far on the way the console is; a campaign of before the guide's own is nowhere on it. */
const reached = (place, guide) => (place === 'campaign' && guide.campaign === null ? -1 : PLACES.indexOf(place))

const names = (zone, id) => Boolean(zone && typeof zone === 'object' && ((zone.type === 'campaign' && String(zone.campaign) === id) || Object.values(zone).some(part => (Array.isArray(part) ? part.some(one => names(one, id)) : names(part, id)))))

/** What of the guide's campaign the draft on the table is: `allClear`, `correction`, or another word. Null where it is nothing of it. */
export const partOf = ({ draft }, guide) => (guide.campaign !== null && draft.items.some(item => item.kind === 'campaign' && String(item.campaign) === guide.campaign) ? draft.part ?? 'again' : null)

/** Where in the console the all-clear that is being prepared wants the operator next. @param {any} state */
export function nextOfAllClear({ draft, counts, review }) {
  const lacks = missing(draft, counts)
  return lacks.message.length > 0 ? 'message' : lacks.channels.length > 0 ? 'channels' : review.status === 'ok' ? 'launch' : 'review'
}

/**
 * Notes which campaign was launched, and which is its all-clear: those the operator launched since the guide began.
 * @param {Guide} guide @param {any} state @param {string} user @returns {Guide} the same one when there is nothing new
 */
export function noted(guide, state, user) {
  const { followed } = state
  const campaign = followed?.campaign
  if (!campaign || campaign.mode !== 'exercise' || campaign.createdBy !== user || !(Date.parse(campaign.startedAt ?? campaign.createdAt ?? '') >= guide.startedAt)) return guide
  const id = String(followed.id)
  if (guide.campaign === null) return { ...guide, campaign: id }
  // A correction goes to the same people, and lifts no alert: what was last prepared of the campaign tells them apart.
  if (guide.allClear === null && guide.part === 'allClear' && id !== guide.campaign && names(campaign.zone, guide.campaign)) return { ...guide, allClear: id }
  return guide
}

/**
 * @param {string} step one of GUIDE_STEPS @param {any} state the console's @param {Guide} guide
 * @returns {{done:boolean, problem:string|null}} whether it is done, and what stands in its way: a key of the catalogue, without its beginning
 */
export function reading(step, state, guide) {
  const { draft, counts, review, followed } = state
  const lacks = missing(draft, counts)
  const place = placeOf(state)
  const isOwn = followed?.id != null && String(followed.id) === guide.campaign
  const isGuided = isOwn || followed?.id != null && String(followed.id) === guide.allClear
  const told = (done, problem = null) => ({ done, problem: done ? null : problem })
  const here = problem => (place === PLACE_OF[step] ? problem : place === 'campaign' || place === 'list' ? 'elsewhere.draft' : `elsewhere.${PLACE_OF[step]}`)
  const launched = guide.campaign !== null
  const at = reached(place, guide)
  switch (step) {
    case 'commune': {
      const isThere = draft.items.some(item => item.kind === 'communes')
      return told(launched || isThere, here(draft.items.length > 0 ? 'no_commune' : null))
    }
    case 'zone': {
      const alerted = draft.items.filter(item => item.role === 'alert')
      const drawn = alerted.some(item => item.kind === 'polygon' || item.kind === 'circle')
      const whole = alerted.some(item => ['communes', 'department', 'epci'].includes(item.kind))
      return told(launched || (drawn && !whole), here(drawn && whole ? 'whole_commune' : state.sketch?.points > 0 && !state.sketch.canFinish ? 'sketch' : state.sketch?.canFinish ? 'unfinished' : null))
    }
    case 'count': {
      if (launched) return told(true)
      if (counts.status === 'error') return told(false, 'not_counted')
      if (counts.status !== 'ok') return told(false, here(null))
      if (counts.value.recipients === 0) return told(false, 'nobody')
      const { possible, certain, recipients } = counts.value
      if (guide.possible === null) return told(false, here(null))
      return told(guide.possible === possible, guide.possible === certain ? 'typed_certain' : guide.possible === recipients ? 'typed_all' : 'typed_other')
    }
    case 'message': {
      const short = lacks.message.length === 0 && draft.message.text.trim().length < SHORTEST_TEXT
      const begun = draft.message.subject !== '' || draft.message.text !== ''
      return told(launched || (lacks.message.length === 0 && !short), here(short ? 'short' : begun ? `lack.${lacks.message[0]}` : null))
    }
    case 'channels': return told(launched || (lacks.channels.length === 0 && at >= 2), here(lacks.channels.length > 0 ? 'lack.no_channel' : null))
    case 'review': return told(launched || (review.status === 'ok' && at >= 3), here(review.status === 'error' ? 'review_failed' : null))
    case 'launch': return told(launched, here(review.status === 'error' ? 'review_failed' : null))
    case 'follow': return told('follow' in guide.times || (isOwn && isSettled(followed.campaign)), isOwn ? (followed.campaign?.state === 'paused' ? 'paused' : followed.live === 'lost' ? 'cut' : null) : 'elsewhere.campaign')
    case 'allClear': return told(guide.allClear !== null, partOf(state, guide) === 'allClear' && place !== 'campaign' ? (lacks.message.length > 0 ? `lack.${lacks.message[0]}` : review.status === 'error' ? 'review_failed' : 'all_clear_on') : isOwn ? null : 'elsewhere.campaign')
    default: return told('report' in guide.times || Boolean(state.reportOpen && place === 'campaign' && isGuided), place === 'campaign' && isGuided ? null : 'elsewhere.campaign')
  }
}

/**
 * One look at the console: what was launched, when a step was first seen done, and on to the next where the console itself went on.
 * @param {Guide} guide @param {any} state @param {string} user @param {number} now @returns {Guide} the same one when nothing changed
 */
export function looked(guide, state, user, now) {
  const part = partOf(state, guide)
  let next = noted(part === null || part === guide.part ? guide : { ...guide, part }, state, user)
  for (;;) {
    const step = GUIDE_STEPS[next.step]
    if (!step || !reading(step, state, next).done) return next
    if (!(step in next.times)) next = { ...next, times: { ...next.times, [step]: now } }
    const following = GUIDE_STEPS[next.step + 1]
    const isBehind = following && reached(placeOf(state), next) > PLACES.indexOf(PLACE_OF[step])
    if (!isBehind) return next
    next = { ...next, step: next.step + 1 }
  }
}

/** The steps' times for the certificate's address: names and seconds, of nobody. @param {Guide} guide */
export const stepsText = guide => stepSeconds(guide).map(({ step, seconds }) => `${step}:${seconds ?? ''}`).join(',')

/** The steps with how long each took, in seconds; null where it was not seen. @param {Guide} guide */
export function stepSeconds(guide) {
  let before = guide.startedAt
  return GUIDE_STEPS.map(step => {
    const at = guide.times[step]
    if (at === undefined) return { step, seconds: null }
    const seconds = Math.max(0, Math.round((at - before) / 1000))
    before = Math.max(before, at)
    return { step, seconds }
  })
}
