/** Step 4: what will happen, in words and figures, with each channel's exact text. */
import { helped } from '../core/help-mark.js'
import { ApiError, post } from '../core/api.js'
import { chosenDefault } from '../core/default-list.js'
import { store } from '../core/state.js'
import { errorBox, noticeBox } from '../core/errors.js'
import { h, icon, render } from '../core/dom.js'
import { announce } from '../core/announce.js'
import { n, t } from '../core/texts.js'
import { draftZone } from '../pure/zone.js'
import { MODE } from '../core/world.js'
import { cascadeSteps, cascadeText } from '../pure/cascade.js'
import { sentMessage } from '../pure/wordings.js'
import { usedChannels } from './channels-step.js'
import { estimateTable } from './estimate.js'
import { quotaLines } from './quota-lines.js'
import { mappedNotice } from './mapped.js'
import { handoverForm } from './handover.js'
import { listening } from './listening.js'
import { scenarioForm } from './scenario-form.js'
import { goTo, lacks } from './steps.js'

/** What the review was made of; another draft voids it. */
export const reviewKey = (draft = store.get().draft) => JSON.stringify([draftZone(draft), draft.message, draft.channels, draft.mode, draft.kind, draft.weight, draft.retries, draft.retryMinutes, draft.cascade, draft.part, draft.handed?.id])

/**
 * The plan as the server hashes it: the same words for the review and for the launch, retries included, or the launch is refused as changed.
 * @param {import('../core/state.js').Draft} draft
 */
export const planOf = draft => ({
  zone: draftZone(draft), message: sentMessage(draft.message), channels: usedChannels(draft), mode: draft.mode, kind: draft.kind, weight: draft.weight,
  retries: draft.retries, retryPeriodSeconds: draft.retryMinutes * 60, ...cascadeOf(draft),
})

/** The order of the channels, where they have one. @param {import('../core/state.js').Draft} draft */
function cascadeOf(draft) {
  const cascade = cascadeText(usedChannels(draft), draft.cascade)
  return cascade ? { cascade, until: draft.cascade?.until } : {}
}

let flight = null
/** Asks the server what would happen with the draft as it is. */
export async function review() {
  const { draft } = store.get()
  const key = reviewKey(draft)
  flight?.abort()
  const own = new AbortController()
  flight = own
  store.set({ review: { status: 'loading', value: null, error: null, key } })
  try {
    if (!draftZone(draft)) throw new ApiError({ status: 422, code: 'empty_zone', message: t('error.empty_zone') })
    const [value, sent] = await Promise.all([
      post('/api/campaigns/preview', planOf(draft), own.signal),
      post('/api/message/texts', { message: sentMessage(draft.message), mode: draft.mode, channels: usedChannels(draft) }, own.signal),
    ])
    // A draft is launched once: read again after an answer that was lost, by a colleague or on another machine, it has its one key.
    store.set({ review: { status: 'ok', value: { ...value, texts: sent.texts }, error: null, key } })
    announce(value.sentence)
  } catch (error) { if (!own.signal.aborted) store.set({ review: { status: 'error', value: null, error, key } }) }
}

/** A list of what is missing, each with the way to mend it; null when nothing is. */
export function lacksList() {
  const all = Object.entries(lacks()).flatMap(([step, codes]) => codes.map(code => ({ step, code })))
  if (all.length === 0) return null
  return h('div', { class: 'block' }, noticeBox(t('review.missing'), 'warning', h('ul', { class: 'lacks' }, all.map(({ step, code }) => h('li', {}, t(`lack.${code}`), ' ', h('button', { type: 'button', class: 'button-link', on: { click: () => goTo(step) } }, t('review.mend', { step: t(`step.${step}`).toLowerCase() })))))))
}

/** What can't be launched now (blanks to fill, a gateway that is not there) may be a scenario. */
const mayPrepare = () => MODE === 'real' && store.get().session?.capabilities?.includes('prepare')

/**
 * Each channel's texts as they leave, those of a language under everybody's; calls can be listened to.
 * @param {{texts:any[], legs?:Record<string, number>}} value
 * @param {{message:any, mode:string, kind:string}} said what they were made of
 */
export function textCards(value, said) {
  return value.texts.map(one => h('article', { class: 'text-card' },
    h('header', {}, icon(one.channel), h('h4', {}, t(`channel.${one.channel}`)), one.language ? h('span', { class: 'tag' }, one.language) : value.legs && h('span', { class: 'text-count' }, t('review.legs', { count: value.legs?.[one.channel] ?? 0 }))),
    (one.channel === 'email' || one.channel === 'fax') && h('p', { class: 'text-subject', lang: one.language ?? 'fr' }, h('span', { class: 'muted' }, `${t('message.subject')} : `), one.subject),
    h('p', { class: 'text-body', lang: one.language ?? 'fr' }, one.text),
    one.recording && h('p', { class: 'recorded' }, icon('voice'), t('recording.played')),
    one.channel === 'voice' && listening(said, one.language),
    one.sms && h('p', { class: 'muted small' }, t('message.segments', { count: one.sms.segments }), ' · ', t(`message.encoding.${one.sms.encoding}`))))
}

/** @param {any} view */
export function reviewStep(view) {
  const body = h('div', {})
  function draw() {
    const { draft, review: now } = store.get()
    const blocked = lacksList()
    if (blocked) { render(body, blocked, lacks().zone.includes('nobody') && handoverForm(draft)); return }
    if (now.status === 'loading' || now.status === 'idle') { render(body, h('p', { class: 'empty', role: 'status' }, t('review.loading'))); return }
    if (now.status === 'error') { render(body, h('div', { class: 'block' }, errorBox(now.error, { actions: [h('button', { type: 'button', class: 'button button-small', on: { click: () => { void review() } } }, t('common.retry'))] }), now.error?.code === 'outside_territory' && handoverForm(draft), now.error?.code !== 'network' && mayPrepare() && scenarioForm(draft))); return }
    const { value } = now
    const chosen = chosenDefault()
    const rest = value.communesTotal - value.communes.length
    render(body,
      h('div', { class: `block sentence sentence-${draft.mode}` }, h('p', { class: 'sentence-mode' }, t(`mode.${draft.mode}.word`)), h('p', {}, value.sentence)),
      h('dl', { class: 'facts block' },
        fact(t('audience.recipients'), n.integer(value.counts.recipients)), fact(t('audience.certainShort'), n.integer(value.counts.certain)), fact(t('audience.possibleShort'), n.integer(value.counts.possible)),
        fact(t('audience.unreachable'), n.integer(value.counts.unreachable)), fact(t('audience.notLocated'), n.integer(value.counts.notLocated)), draft.margin > 0 && fact(t('options.margin'), n.distance(draft.margin)), draft.certainOnly && fact(t('options.precision'), t('options.certainOnly')), fact(t('kind.title'), t(`kind.${draft.kind}`)), draft.weight > 1 && fact(t('weight.label'), t(`weight.${draft.weight}`)), fact(t('policy.title'), t('policy.summary', { count: draft.retries, minutes: draft.retryMinutes })), cascadeText(usedChannels(draft), draft.cascade) && fact(t('cascade.title'), cascadeSteps(usedChannels(draft), draft.cascade).map(step => step.map(channel => t(`channel.${channel}`)).join(' + ')).join(t('cascade.then', { minutes: draft.cascade.minutes })))),
      h('div', { class: 'block' }, h('h3', {}, t('review.communes', { count: value.communesTotal })), h('p', {}, value.communes.join(', '), rest > 0 ? ` ${t('review.others', { count: rest })}` : '')),
      value.cut && noticeBox(t('review.cut', { territory: value.cut.territory, communes: value.cut.communes.join(', '), area: value.cut.areaSquareMetres === null ? '–' : n.area(value.cut.areaSquareMetres), count: value.cut.recipients })),
      // What was handed over reaches a metre beyond: that is the asker's own.
      value.cut && !draft.handed && handoverForm(draft),
      draft.handed && noticeBox(t('handed.following', { name: draft.handed.from }), 'info'),
      value.quietUntil && noticeBox(t('review.quiet', { time: n.dateTime(value.quietUntil) })),
      chosen && noticeBox(t('defaultList.included', { name: chosen })),
      (value.unavailable ?? []).length > 0 && noticeBox(t('review.unavailable', { channels: value.unavailable.map(channel => t(`channel.${channel}`)).join(', ') })),
      (value.counts.warnings ?? []).map(warning => noticeBox(warning.message)),
      mappedNotice(value.counts.mapped),
      value.estimate && h('div', { class: 'block' }, estimateTable(value.estimate)),
      quotaLines(value.quotas ?? []),
      h('section', { class: 'block' }, h('h3', {}, t('review.texts')), textCards(value, { message: sentMessage(draft.message), mode: draft.mode, kind: draft.kind })),
      h('p', { class: 'block' }, h('button', { type: 'button', class: 'button-link', on: { click: () => { void review() } } }, t('review.again'))),
      mayPrepare() && h('div', { class: 'block' }, scenarioForm(draft)))
  }
  const fact = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, value))
  store.watch(state => [state.step, state.draft, state.route.name], ([step, draft, route]) => {
    if (route !== 'draft' || (step !== 'review' && step !== 'launch')) return
    if (!lacksList() && (store.get().review.key !== reviewKey(draft) || (step === 'review' && store.get().review.status === 'error'))) void review()
    if (step === 'review') view.showZone()
  })
  store.watch(state => [state.step, state.review, state.draft, state.counts.status], draw)
  return h('div', { id: 'panel-review' }, helped(h('h3', {}, t('step.review')), 'panel.review'), body)
}
