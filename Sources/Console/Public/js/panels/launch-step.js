/** Step 5: the number is typed again, then it leaves. An exercise and the real thing look and read differently. */
import { helped } from '../core/help-mark.js'
import { post } from '../core/api.js'
import { continueAsNew, hold, release } from '../core/drafts.js'
import { chosenDefault, newDraft } from '../core/default-list.js'
import { resetDraft, store } from '../core/state.js'
import { errorBox, explain, noticeBox } from '../core/errors.js'
import { h, icon, render } from '../core/dom.js'
import { announce } from '../core/announce.js'
import { n, t } from '../core/texts.js'
import { parseInteger } from '../pure/numbers.js'
import { usedChannels } from './channels-step.js'
import { lacksList, planOf, review, reviewKey } from './review-step.js'
import { goTo } from './steps.js'

/** Whether a second person is to be asked, rather than a reason. @param {any} value */
const mustAsk = value => value.lane === 'second_person' && value.approvers > 0

/** What will happen, in words: the button says nothing less. @param {any} value @param {string} mode */
const consequence = (value, mode) => t(mustAsk(value) ? 'launch.ask' : `launch.go.${mode}`, { count: value.expectedNumber, communes: t('launch.communes', { count: value.communesTotal }) })

/** The guard rails the audience touches, and why it is launched alone where nobody else may approve it. @param {any} value */
function guardNotices(value) {
  const guards = value.guards ?? []
  if (guards.length === 0) return null
  const asks = value.lane === 'second_person' && !guards.some(rail => rail.consequence === 'stop')
  return h('div', { class: 'guards' },
    ...guards.map(rail => noticeBox(rail.message, 'warning')),
    asks && mustAsk(value) && noticeBox(t('launch.mustAsk', { count: value.approvers }), 'info'),
    asks && !mustAsk(value) && noticeBox(t('launch.nobodyElse')),
    asks && !mustAsk(value) && h('div', { class: 'field' }, h('label', { for: 'acceptance' }, t('launch.acceptance')),
      h('input', { type: 'text', id: 'acceptance', maxlength: 500, autocomplete: 'off', 'aria-describedby': 'confirmation-problem' })))
}

export function launchStep() {
  const body = h('div', {})
  const outcome = h('div', {})
  let sending = false

  async function launch(event) {
    event.preventDefault()
    if (sending) return
    const { draft, review: now, sync } = store.get()
    if (sync.status === 'gone') { render(outcome, noticeBox(sync.notice?.text ?? t('draft.gone'), 'warning', asNew())); return }
    const field = body.querySelector('#confirmation')
    const fail = (text, node = field) => { render(outcome, h('p', { class: 'field-error', role: 'alert', id: 'confirmation-problem' }, text)); node.setAttribute('aria-invalid', 'true'); node.focus() }
    if (field) {
      field.removeAttribute('aria-invalid')
      const isCommune = field.value.trim() !== '' && field.value.trim().toLocaleLowerCase() === (now.value.communes[0] ?? '').toLocaleLowerCase()
      const typed = isCommune ? now.value.expectedNumber : parseInteger(field.value)
      if (typed === null) { fail(t('launch.typeNumber')); return }
      if (typed !== now.value.expectedNumber) { fail(t('launch.otherNumber', { typed, expected: now.value.expectedNumber })); return }
    }
    const read = body.querySelector('#read-again')
    if (read && !read.checked) { fail(t('launch.tickRead'), read); return }
    const second = body.querySelector('#acceptance')
    if (second && second.value.trim() === '') { fail(t('launch.whoAgreed'), second); return }
    sending = true
    const button = body.querySelector('button[type=submit]')
    button.setAttribute('aria-disabled', 'true')
    render(outcome, h('p', { role: 'status' }, t('launch.sending')))
    hold()
    try {
      const asked = mustAsk(now.value)
      const { id } = await post(asked ? '/api/approvals' : '/api/campaigns', {
        ...planOf(draft), audienceHash: now.value.audienceHash, confirmation: now.value.expectedNumber, requestKey: draft.requestKey, openedAt: now.value.openedAt,
        ...(second ? { acceptance: second.value.trim() } : {}), ...(draft.part === 'allClear' ? { allClear: true } : {}),
        ...(draft.handed && draft.mode === 'real' ? { handed: draft.handed.id } : {}),
      })
      announce(t(asked ? 'launch.asked' : 'launch.started'))
      resetDraft(newDraft())
      if (asked) { location.assign('/approbations'); return }
      location.hash = `#/campagnes/${id}`
    } catch (error) {
      release()
      button.removeAttribute('aria-disabled')
      render(outcome, errorBox(error, { actions: actionsFor(error) }))
      if (error.code === 'confirmation_mismatch') { field?.setAttribute('aria-invalid', 'true'); field?.focus() }
      announce(explain(error).what)
    } finally { sending = false }
  }
  const asNew = () => h('button', { type: 'button', class: 'button button-small', data: { key: 'as-new' }, on: { click: continueAsNew } }, t('draft.asNew'))
  function actionsFor(error) {
    if (error.code === 'key_reused') return [h('a', { class: 'button button-small', href: '#/campagnes' }, t('draft.seeCampaigns')), asNew()]
    if (error.code !== 'audience_changed') return []
    const counts = error.detail?.counts ?? error.detail
    const again = h('button', { type: 'button', class: 'button button-small', on: { click: () => { void review(); goTo('review') } } }, t('launch.reviewAgain'))
    return typeof counts?.recipients === 'number' ? [h('p', {}, t('launch.nowCount', { count: counts.recipients })), again] : [again]
  }

  function draw() {
    const { draft, review: now } = store.get()
    render(outcome)
    const blocked = lacksList()
    if (blocked) { render(body, blocked); return }
    if (now.status !== 'ok' || now.key !== reviewKey(draft)) {
      render(body, now.status === 'error' ? h('div', { class: 'block' }, errorBox(now.error), h('button', { type: 'button', class: 'button', on: { click: () => goTo('review') } }, t('launch.backToReview'))) : h('p', { class: 'empty', role: 'status' }, t('review.loading')))
      return
    }
    const { value } = now
    const real = draft.mode === 'real'
    const first = value.communes[0] ?? ''
    const chosen = chosenDefault()
    const place = first === '' ? '' : value.communesTotal > 1 ? t('launch.placeMany', { name: first, count: value.communesTotal - 1 }) : first
    render(body, h('form', { class: `block launch launch-${draft.mode}`, novalidate: true, on: { submit: launch } },
      h('p', { class: 'launch-mode' }, real && icon('warning'), t(`mode.${draft.mode}.word`)),
      h('p', { class: 'launch-what' }, t(`launch.what.${draft.mode}`)),
      h('p', { class: 'launch-number' }, n.integer(value.expectedNumber)),
      h('p', { class: 'launch-where' }, t('launch.recipients', { count: value.expectedNumber }), place && h('span', { class: 'launch-place' }, place)),
      chosen && h('p', { class: 'launch-by' }, t('defaultList.included', { name: chosen })),
      h('p', { class: 'launch-by' }, t('launch.by', { channels: usedChannels(draft).map(channel => t(`channel.${channel}`)).join(', ') })),
      draft.kind === 'information' && h('p', { class: 'launch-by' }, t('kind.information')),
      h('p', { class: 'launch-subject', lang: 'fr' }, `« ${draft.message.subject} »`),
      guardNotices(value),
      real && h('label', { class: 'check' }, h('input', { type: 'checkbox', id: 'read-again' }), t('launch.readAgain')),
      value.typed && h('div', { class: 'field' }, h('label', { for: 'confirmation' }, first === '' ? t('launch.confirm') : t('launch.confirmOr', { name: first })),
        h('input', { type: 'text', id: 'confirmation', inputmode: 'numeric', autocomplete: 'off', class: 'confirmation', 'aria-describedby': 'confirmation-problem' })),
      outcome,
      h('button', { type: 'submit', class: `button button-launch ${real ? 'button-danger' : 'button-primary'}` }, consequence(value, draft.mode))))
  }
  // Redrawn only when what is confirmed changes: never while the number is being typed.
  store.watch(state => [state.step === 'launch', state.review, state.draft], ([here]) => { if (here) draw() })
  return h('div', { id: 'panel-launch' }, helped(h('h3', {}, t('step.launch')), 'panel.launch'), body)
}
