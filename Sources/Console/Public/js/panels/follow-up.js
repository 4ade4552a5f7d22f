/** What may have to follow a campaign: another text while it leaves, its correction, its all-clear. */
import { helped } from '../core/help-mark.js'
import { post } from '../core/api.js'
import { newDraft } from '../core/default-list.js'
import { ask } from '../core/dialog.js'
import { announce } from '../core/announce.js'
import { errorBox, noticeBox } from '../core/errors.js'
import { freshId, h, render, uuid } from '../core/dom.js'
import { reload } from '../core/follow.js'
import { resetDraft, store } from '../core/state.js'
import { t } from '../core/texts.js'
import { faults, sentMessage, unmarked } from '../pure/wordings.js'
import { goTo } from './steps.js'
import { templateForm } from './template-form.js'
import { wordingsEditor } from './wordings.js'

/**
 * Every wording that would leave, and which of them stay as they were: whoever is sent one of those gets nothing new.
 * @param {any} message @param {any} before
 */
function askedWordings(message, before) {
  const sms = text => h('p', { class: 'sms' }, text)
  const own = message.variants ?? []
  const kept = variant => (before.variants ?? []).some(one => one.language === variant.language && one.channel === variant.channel && one.text === variant.text)
  const name = variant => [variant.language, variant.channel ? t(`channel.${variant.channel}`) : ''].filter(Boolean).join(', ')
  return [t(own.length > 0 ? 'amend.ask1Others' : 'amend.ask1'), sms(message.text), ...own.flatMap(variant => [t(kept(variant) ? 'amend.kept' : 'amend.changed', { name: name(variant) }), sms(variant.text)])]
}

/** A form for the text from now on. @param {any} campaign @param {() => void} close */
export function amendForm(campaign, close) {
  let message = unmarked(campaign.message)
  const subject = h('input', { type: 'text', id: 'amend-subject', maxlength: '200', autocomplete: 'off', on: { input: () => { message = { ...message, subject: subject.value } } } })
  const text = h('textarea', { id: 'amend-text', rows: '7', 'aria-describedby': 'amend-hint', on: { input: () => { message = { ...message, text: text.value } } } })
  const outcome = h('div', {})
  const reason = campaign.mode === 'real' ? h('input', { type: 'text', id: 'amend-acceptance', maxlength: '500', autocomplete: 'off', 'aria-describedby': 'amend-acceptance-hint' }) : null
  const wordings = wordingsEditor('amend', () => message, value => { message = value })
  const show = () => { subject.value = message.subject; text.value = message.text; wordings.draw() }
  const template = templateForm('amend', value => { message = value; show() }, { part: 'correction' })

  async function send(event) {
    event.preventDefault()
    const problem = message.text.trim() === '' ? 'no_text' : faults(message).some(Boolean) ? 'wording' : null
    if (problem) { render(outcome, h('p', { class: 'field-error', role: 'alert' }, t(`lack.${problem}`))); text.focus(); return }
    const sure = campaign.mode !== 'real' || await ask({ title: t('amend.ask'), lines: askedWordings(message, unmarked(campaign.message)), confirm: t('amend.send'), danger: true })
    if (!sure) return
    try {
      await post(`/api/campaigns/${encodeURIComponent(campaign.id)}/amend`, { message: sentMessage(message), version: campaign.messageVersion, ...(reason && reason.value.trim() !== '' ? { acceptance: reason.value.trim() } : {}) })
      announce(t('amend.done'))
      close()
      await reload(String(campaign.id))
    } catch (error) {
      if (error.code === 'second_person_needed') { offer(); return }
      if (error.code !== 'reason_needed' || !reason) { render(outcome, errorBox(error)); return }
      render(outcome, h('p', { class: 'field-error', role: 'alert' }, t('amend.whyAlone')))
      reason.focus()
    }
  }
  /** The text was confirmed: all that is left is to ask. One key: asked twice, it is one request. */
  function offer() {
    const key = uuid()
    const go = async () => {
      try {
        await post(`/api/campaigns/${encodeURIComponent(campaign.id)}/amendments`, { message: sentMessage(message), version: campaign.messageVersion, requestKey: key })
        announce(t('amend.asked'))
        location.assign('/approbations')
      } catch (error) { render(outcome, errorBox(error)) }
    }
    render(outcome, noticeBox(t('amend.mustAsk'), 'warning', h('p', {}, h('button', { type: 'button', class: 'button button-primary', data: { key: 'amend-ask' }, on: { click: go } }, t('amend.askApproval')))))
    outcome.querySelector('button').focus()
  }
  show()
  return h('form', { class: 'item-form', novalidate: true, on: { submit: send } },
    template.node,
    h('div', { class: 'field' }, h('label', { for: 'amend-subject' }, t('message.subject')), subject),
    h('div', { class: 'field' }, h('label', { for: 'amend-text' }, t('message.text')), text, h('p', { class: 'field-hint', id: 'amend-hint' }, t('amend.hint'))),
    wordings.node,
    reason && h('div', { class: 'field' }, h('label', { for: 'amend-acceptance' }, t('amend.acceptance')), reason, h('p', { class: 'field-hint', id: 'amend-acceptance-hint' }, t('amend.acceptanceHint'))),
    outcome,
    h('div', { class: 'row row-buttons' }, h('button', { type: 'submit', class: 'button button-primary', data: { key: 'amend-send' } }, t('amend.send')), h('button', { type: 'button', class: 'button', on: { click: close } }, t('common.cancel'))))
}

/** How many nothing reached, and nothing more is tried for. @param {any} campaign */
export const notReached = ({ progress }) => progress.failed + progress.unreachable + progress.cancelled

/** Who a campaign that follows this one goes to, and how the operator is asked. */
const PARTS = {
  correction: { outcome: 'reached', ask: () => t('followUp.ask'), prepared: () => t('followUp.prepared.correction'), subject: subject => t('followUp.subject.correction', { subject }) },
  allClear: { outcome: 'reached', ask: () => t('followUp.ask'), prepared: () => t('followUp.prepared.allClear'), subject: subject => t('followUp.subject.allClear', { subject }) },
  again: { outcome: 'failed', ask: campaign => t('again.ask', { count: notReached(campaign) }), prepared: () => t('again.prepared'), subject: subject => t('again.subject', { subject }) },
}

/** Prepares a campaign to exactly those that this one reached, or did not. @param {any} campaign @param {'correction'|'allClear'|'again'} part */
async function prepare(campaign, part) {
  const { outcome, ask: lead, prepared, subject: title } = PARTS[part]
  if (campaign.mode === 'real') {
    const sure = await ask({ title: t('mode.askTitle'), lines: [t('mode.ask1'), lead(campaign)], confirm: t('mode.goReal'), danger: true })
    if (!sure) return
  }
  const item = { id: freshId('item-campaign'), role: 'alert', kind: 'campaign', name: t('members.campaignName', { reference: campaign.reference, subject: campaign.subject }), campaign: Number(campaign.id), outcome }
  const before = unmarked(campaign.message)
  // A message of its own: no sign of the page's typography that SMS or old mail readers lack.
  const subject = title(before.subject).replace(/[\u00a0\u202f]/g, ' ')
  const message = part === 'again' ? { ...before, subject, variants: before.variants ?? [] } : { subject, text: '', variants: [] }
  resetDraft({ ...newDraft(), items: [item], mode: campaign.mode, channels: campaign.channels, kind: campaign.kind ?? 'alert', message, part: part === 'again' ? undefined : part })
  location.hash = '#/'
  store.set({ step: 'message' })
  requestAnimationFrame(() => goTo('message'))
  announce(prepared())
}

const follower = (campaign, part, label, about, disabled = false) => h('div', { class: 'act' },
  h('button', { type: 'button', class: 'button', disabled, 'aria-describedby': `act-about-${part}`, data: { key: `follow-${part}` }, on: { click: () => { void prepare(campaign, part) } } }, label), h('p', { class: 'field-hint', id: `act-about-${part}` }, about))

/** @param {any} campaign */
export const followUps = campaign => h('section', { class: 'block' }, helped(h('h3', {}, t('followUp.title')), 'panel.followUp'), h('p', { class: 'field-hint' }, t('followUp.hint')),
  follower(campaign, 'correction', t('followUp.correction'), t('act.correction')), follower(campaign, 'allClear', t('followUp.allClear'), t('act.allClear')))

/** Drawn anew with the figures: how many there are changes. @param {any} campaign */
export const again = campaign => follower(campaign, 'again', t('again.button'), notReached(campaign) > 0 ? t('again.about', { count: notReached(campaign) }) : t('again.none'), notReached(campaign) === 0)
