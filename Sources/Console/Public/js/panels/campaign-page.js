/** One campaign, left: what it says, to whom, by which ways, and the three things that can be done to it. */
import { post } from '../core/api.js'
import { store } from '../core/state.js'
import { ask } from '../core/dialog.js'
import { errorBox } from '../core/errors.js'
import { announce } from '../core/announce.js'
import { byId, h, icon, render } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { isOver } from '../pure/progress.js'
import { reload } from '../core/follow.js'
import { CHANNELS } from './channels-step.js'
import { modeTag, stateTag } from './campaign-list.js'
import { amendForm, followUps } from './follow-up.js'
import { sentCards } from './sent-texts.js'

/** Pausing is the brake: no question asked. What sends again or cannot be undone is asked twice. */
const QUESTIONS = {
  pause: null,
  resume: campaign => ({ title: t('ask.resumeTitle'), lines: [t(`ask.resume.${campaign.mode}`, { count: campaign.progress.pending })], confirm: t('campaign.resume'), danger: campaign.mode === 'real' }),
  stop: campaign => ({ title: t('ask.stopTitle', { subject: campaign.subject }), lines: [t('ask.stop1', { count: campaign.progress.recipients - campaign.progress.pending }), t('ask.stop2', { count: campaign.progress.pending })], confirm: t('ask.stopConfirm'), cancel: t('ask.stopCancel'), danger: true }),
}

export function mountCampaignPage() {
  const root = byId('campaign')
  let failure = null
  let shownId = null
  let busy = false
  let amending = false

  async function act(verb) {
    const { id, campaign } = store.get().followed
    const question = QUESTIONS[verb]?.(campaign)
    if (question && !(await ask(question))) return
    busy = true
    failure = null
    draw()
    try {
      await post(`/api/campaigns/${encodeURIComponent(id)}/${verb}`, {})
      announce(t(`campaign.did.${verb}`))
    } catch (error) { failure = error }
    busy = false
    await reload(id)
    draw()
    // The button pressed is gone: the keyboard goes on from its counterpart, not from the top of the page.
    ;(root.querySelector('[data-key^="act-"]') ?? byId('left-title')).focus()
  }
  const button = (verb, kind) => h('button', { type: 'button', class: `button ${kind}`, data: { key: `act-${verb}` }, disabled: busy, on: { click: () => { void act(verb) } } }, icon(verb), t(`campaign.${verb}`))
  const withWords = (verb, kind) => { const node = button(verb, kind); node.setAttribute('aria-describedby', `act-about-${verb}`); return h('div', { class: 'act' }, node, h('p', { class: 'field-hint', id: `act-about-${verb}` }, t(`act.${verb}`))) }

  function draw() {
    const { followed, route } = store.get()
    if (route.name !== 'campaign') return
    const campaign = followed?.campaign
    if (!campaign) {
      render(root, followed?.live === 'failed' ? h('div', { class: 'block' }, errorBox(followed.error), h('p', {}, h('a', { href: '#/campagnes' }, t('campaign.backToList')))) : h('p', { class: 'empty', role: 'status' }, t('common.loading')))
      return
    }
    const over = isOver(campaign.state)
    const fact = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, value))
    const shown = campaign.mode === 'exercise' && !campaign.message.text.startsWith('EXERCICE') ? `EXERCICE - ${campaign.message.text}` : campaign.message.text
    render(root,
      h('div', { class: 'block' }, h('p', { class: 'campaign-tags' }, modeTag(campaign), stateTag(campaign)), h('h3', { class: 'campaign-title' }, campaign.subject), h('p', { class: 'muted small' }, t('campaign.reference', { reference: campaign.reference })),
        failure && errorBox(failure),
        !over && h('div', { class: 'acts' }, campaign.state === 'running' ? withWords('pause', '') : withWords('resume', 'button-primary'), withWords('stop', 'button-danger-quiet'))),
      h('section', { class: 'block' }, h('h3', {}, t('campaign.message')), campaign.messageVersion > 1 && h('p', { class: 'muted small', data: { figure: 'version' } }, t('amend.version', { count: campaign.messageVersion })), h('p', { class: 'sms', lang: 'fr' }, shown),
        sentCards(campaign),
        !over && (amending ? amendForm(campaign, () => { amending = false; draw(); root.querySelector('[data-key=amend]')?.focus() }) : h('p', {}, h('button', { type: 'button', class: 'button', data: { key: 'amend' }, on: { click: () => { amending = true; draw(); root.querySelector('#amend-subject')?.focus() } } }, t('amend.open')), h('span', { class: 'field-hint' }, ' ', t('act.amend'))))),
      followUps(campaign),
      h('dl', { class: 'facts block' },
        fact(t('audience.recipients'), n.integer(campaign.audience.recipients)), fact(t('audience.certainShort'), n.integer(campaign.audience.certain)), fact(t('audience.possibleShort'), n.integer(campaign.audience.possible)), fact(t('audience.notLocated'), n.integer(campaign.audience.notLocated)),
        fact(t('campaign.channels'), CHANNELS.filter(channel => campaign.channels.includes(channel)).map(channel => t(`channel.${channel}`)).join(', ')),
        fact(t('kind.title'), t(`kind.${campaign.kind ?? 'alert'}`)), fact(t('campaign.createdBy'), campaign.createdBy), fact(t('campaign.startedAt'), n.dateTime(campaign.startedAt)), fact(t('campaign.endedAt'), campaign.endedAt ? n.dateTime(campaign.endedAt) : '–'),
        campaign.policy && fact(t('policy.title'), t('policy.summary', { count: campaign.policy.maximumRetries ?? 0, minutes: Math.round((campaign.policy.retryPeriodSeconds ?? 0) / 60) })),
        fact(t('campaign.hash'), h('code', { title: campaign.audienceHash }, String(campaign.audienceHash).slice(0, 12)))),
      h('p', { class: 'block' }, h('a', { href: '#/' }, t('campaign.newOne'))))
  }
  // Counters are the right-hand panel's: here only what is fixed, or the state.
  store.watch(state => [state.route.name, state.followed?.id, state.followed?.live === 'failed', state.followed?.campaign?.state, state.followed?.campaign?.endedAt, state.followed?.campaign?.messageVersion], ([, id]) => { if (id !== shownId) { amending = false; shownId = id } failure = null; draw() })
}
