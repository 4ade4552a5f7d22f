/** One campaign, right: counters that follow it, exclusive groups first, then each channel. */
import { helped } from '../core/help-mark.js'
import { store } from '../core/state.js'
import { errorBox, noticeBox } from '../core/errors.js'
import { byId, h, icon, render } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { CHANNELS } from './channels-step.js'
import { expectedShare } from '../pure/estimate.js'
import { groups, isOver, legTotals } from '../pure/progress.js'
import { mayList, openPeople } from './people-list.js'
import { estimateTable } from './estimate.js'
import { again } from './follow-up.js'

const fill = (share, kind = '') => h('span', { class: `bar-fill ${kind}`, css: { width: `${Math.round(share * 1000) / 10}%` } })

export function mountCampaignProgress() {
  const root = byId('progress')

  function liveLine(followed) {
    if (followed.live === 'lost') return noticeBox(t('progress.lost', { time: n.time(followed.at) }))
    const { campaign } = followed
    if (followed.live === 'ended') return h('p', { class: 'muted' }, t(`progress.over.${campaign.state}`, { time: n.dateTime(campaign.endedAt) }))
    const eta = followed.remainingSeconds
    return h('p', { class: 'live' }, h('span', { class: 'live-dot', 'aria-hidden': 'true' }), t('progress.live', { time: n.time(followed.at) }),
      campaign.state === 'running' && h('span', { class: 'eta' }, eta === null ? t('progress.etaUnknown') : t('progress.eta', { duration: n.duration(eta) })))
  }
  /** A state's name, which opens the list of those who are in it where people may be named. */
  function opener(key) {
    const name = [h('span', { class: `key key-${key}`, 'aria-hidden': 'true' }), t(`group.${key}`)]
    return mayList() ? h('button', { type: 'button', class: 'button-link group-open', data: { key: `people-${key}` }, on: { click: () => openPeople({ group: key }) } }, name) : name
  }
  const group = ({ key, count, share }) => h('tr', {}, h('th', { scope: 'row' }, opener(key)), h('td', { class: 'number' }, n.integer(count)), h('td', { class: 'number muted' }, n.percent(share)))

  function channel([name, legs]) {
    const totals = legTotals(legs)
    const part = value => (totals.total ? value / totals.total : 0)
    const notes = [totals.acknowledged > 0 && t('progress.acknowledged', { count: totals.acknowledged }), totals.answered > 0 && t('progress.answered', { count: totals.answered }), totals.failed > 0 && t('progress.failed', { count: totals.failed }), totals.cancelled > 0 && t('progress.cancelled', { count: totals.cancelled })].filter(Boolean)
    return h('div', { class: 'channel-progress' },
      h('p', { class: 'running-line' }, h('span', {}, icon(name), t(`channel.${name}`)), h('strong', {}, `${n.integer(totals.reached)} / ${n.integer(totals.total)}`)),
      h('span', { class: 'bar bar-stack', 'aria-hidden': 'true' }, fill(part(totals.reached), 'fill-passed'), fill(part(totals.failed), 'fill-failed'), fill(part(totals.cancelled), 'fill-cancelled')),
      h('p', { class: 'muted small' }, totals.waiting > 0 ? t('progress.waiting', { count: totals.waiting }) : t('progress.noneWaiting'), notes.length > 0 && ` · ${notes.join(' · ')}`))
  }

  /** What should have left by now, beside what has. */
  function pace(campaign) {
    if (campaign.state !== 'running' || !campaign.startedAt || !campaign.estimate) return null
    const expected = expectedShare(campaign.estimate, (Date.now() - Date.parse(campaign.startedAt)) / 1000)
    const totals = Object.values(campaign.progress.channels ?? {}).map(legTotals)
    const all = totals.reduce((sum, one) => sum + one.total, 0)
    if (expected === null || all === 0) return null
    return h('p', { class: 'muted', data: { figure: 'pace' } }, t('estimate.now', { left: n.percent(totals.reduce((sum, one) => sum + one.left, 0) / all), expected: n.percent(expected) }))
  }

  function draw() {
    const { followed, route } = store.get()
    if (route.name !== 'campaign') return
    const campaign = followed?.campaign
    if (!campaign) { render(root, followed?.live === 'failed' ? errorBox(followed.error) : h('p', { class: 'empty' }, t('common.loading'))); return }
    const { progress } = campaign
    const parts = groups(progress)
    const reached = progress.passed + progress.answered + progress.acknowledged
    render(root,
      helped(h('h2', {}, t('progress.title')), 'panel.progress'),
      h('p', { class: 'big', data: { figure: 'reached' } }, n.integer(reached)),
      h('p', { class: 'big-unit' }, t('progress.reachedOf', { count: progress.recipients })),
      liveLine(followed),
      pace(campaign),
      h('div', { class: 'bar bar-stack bar-tall', 'aria-hidden': 'true' }, parts.filter(part => part.key !== 'pending').map(part => fill(part.share, `fill-${part.key}`))),
      h('table', { class: 'groups' }, h('caption', { class: 'visually-hidden' }, t('progress.byGroup')), h('thead', { class: 'visually-hidden' }, h('tr', {}, h('th', { scope: 'col' }, t('progress.group')), h('th', { scope: 'col' }, t('audience.recipients')), h('th', { scope: 'col' }, t('audience.part')))), h('tbody', {}, parts.map(group))),
      !isOver(campaign.state) && h('p', { class: 'narrow-only' }, h('button', { type: 'button', class: 'button button-wide', data: { key: 'act-go' }, on: { click: () => byId('left-title').focus() } }, t('act.go'))),
      mayList() ? h('p', {}, h('button', { type: 'button', class: 'button button-wide', data: { key: 'open-people' }, on: { click: () => openPeople({ group: 'not_reached' }) } }, icon('list'), t('listed.open'))) : h('p', { class: 'muted small' }, t(campaign.mode === 'exercise' ? 'listed.inExercise' : 'listed.noRight')),
      again(campaign),
      progress.possibleDuplicates > 0 && noticeBox(t('progress.duplicates', { count: progress.possibleDuplicates })),
      h('h2', {}, t('progress.byChannel')), CHANNELS.filter(name => progress.channels[name]).map(name => channel([name, progress.channels[name]])),
      campaign.estimate && estimateTable(campaign.estimate),
      h('p', {}, h('button', { type: 'button', class: 'button button-wide', data: { key: 'open-report' }, on: { click: () => store.set({ reportOpen: true }) } }, t(isOver(campaign.state) ? 'report.open' : 'report.openSoFar'))),
      isOver(campaign.state) && campaign.mode === 'exercise' && h('p', {}, h('a', { class: 'button button-wide', href: `/api/campaigns/${encodeURIComponent(campaign.id)}/certificate?format=pdf`, download: `attestation-exercice-${campaign.id}.pdf`, data: { key: 'certificate' } }, icon('download'), t('exercise.certificate')), ' ', h('span', { class: 'muted small' }, t('exercise.certificateAbout'))))
  }
  store.watch(state => [state.route.name, state.followed, state.connection.ok], draw)
}
