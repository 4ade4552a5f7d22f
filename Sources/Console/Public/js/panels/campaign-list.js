/** Campaigns, newest first, and those running now in the right-hand panel. */
import { helped } from '../core/help-mark.js'
import { get } from '../core/api.js'
import { store } from '../core/state.js'
import { errorBox } from '../core/errors.js'
import { byId, h, icon, render } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { isOver } from '../pure/progress.js'

const PERIOD_MS = 5000
/** Those under way are asked for apart, as often as their figures are to be new. */
const LIVE_MS = 1000

export const stateTag = campaign => h('span', { class: `tag tag-${campaign.state}` }, icon(`state-${campaign.state}`), t(`state.${campaign.state}`))
export const modeTag = campaign => h('span', { class: `tag tag-mode-${campaign.mode}` }, t(`mode.${campaign.mode}.word`))

const reached = ({ recipients, passed, answered, acknowledged }) => (recipients ? (passed + answered + acknowledged) / recipients : 0)
const settled = ({ recipients, pending }) => (recipients ? (recipients - pending) / recipients : 0)
const bar = share => h('span', { class: 'bar', 'aria-hidden': 'true' }, h('span', { class: 'bar-fill', css: { width: `${Math.round(share * 100)}%` } }))

export async function refreshCampaigns() {
  try {
    const { campaigns } = await get('/api/campaigns')
    store.set({ list: { campaigns, status: 'ok', error: null, at: Date.now() } })
  } catch (error) { store.set({ list: { ...store.get().list, status: 'error', error } }) }
}

let asked = false
/** The figures of those under way; the whole list once one of them has ended, or another began. */
async function refreshLive() {
  if (asked) return
  asked = true
  try {
    const { campaigns } = await get('/api/campaigns?live=yes')
    const fresh = new Map(campaigns.map(campaign => [campaign.id, campaign]))
    const { list } = store.get()
    const known = list.campaigns.filter(campaign => !isOver(campaign.state))
    if (known.length !== fresh.size || known.some(({ id }) => !fresh.has(id))) await refreshCampaigns()
    else store.set({ list: { ...list, campaigns: list.campaigns.map(campaign => fresh.get(campaign.id) ?? campaign), status: 'ok', error: null, at: Date.now() } })
  } catch { /* the line above the list says of when its figures are */ }
  asked = false
}

export function mountCampaignList() {
  const root = byId('campaigns')
  const running = byId('running')

  const entry = campaign => h('li', { class: 'campaign' }, h('a', { href: `#/campagnes/${campaign.id}`, data: { key: `campaign-${campaign.id}` } }, h('span', { class: 'campaign-subject' }, campaign.subject)),
    h('p', { class: 'campaign-tags' }, modeTag(campaign), stateTag(campaign)),
    h('p', { class: 'muted small' }, `${t('campaign.reference', { reference: campaign.reference })} · ${n.dateTime(campaign.startedAt ?? campaign.createdAt)} · ${campaign.createdBy}`),
    h('p', { class: 'small' }, t('list.recipients', { count: campaign.progress.recipients }), ` · ${t('list.reached', { share: n.percent(reached(campaign.progress)) })}`), bar(reached(campaign.progress)))

  store.watch(state => [state.list, state.route, state.connection.ok], ([list, route, ok]) => {
    const visible = route.name === 'campaigns'
    const alive = list.campaigns.filter(campaign => !isOver(campaign.state))
    render(byId('tab-badge'), alive.length > 0 ? h('span', { class: 'count-badge' }, n.integer(alive.length), h('span', { class: 'visually-hidden' }, ` ${t('list.running', { count: alive.length })}`)) : null)
    if (visible) render(root, helped(h('h3', {}, t('list.title')), 'panel.campaigns'), list.status === 'error' && errorBox(list.error), alive.length > 0 && list.at && h('p', { class: 'live', data: { figure: 'list-at' } }, ok && h('span', { class: 'live-dot', 'aria-hidden': 'true' }), t(ok ? 'progress.live' : 'overview.old', { time: n.time(list.at) })), list.campaigns.length > 0 ? h('ul', { class: 'plain campaigns' }, list.campaigns.map(entry)) : h('p', { class: 'empty' }, t(list.status === 'ok' ? 'list.none' : 'common.loading')))
    const others = alive.filter(campaign => String(campaign.id) !== route.id)
    render(running, others.length > 0 && h('section', { class: 'running', 'aria-labelledby': 'running-title' }, h('h2', { id: 'running-title' }, t('list.runningTitle')), others.map(campaign => h('div', { class: 'running-one' },
      h('p', {}, h('a', { href: `#/campagnes/${campaign.id}`, data: { key: `running-${campaign.id}` } }, campaign.subject)),
      h('p', { class: 'campaign-tags' }, modeTag(campaign), campaign.state === 'paused' && stateTag(campaign)),
      h('p', { class: 'running-line' }, h('span', {}, t('list.done')), h('strong', {}, `${n.integer(campaign.progress.recipients - campaign.progress.pending)} / ${n.integer(campaign.progress.recipients)}`)), bar(settled(campaign.progress))))))
  })

  const wanted = () => store.get().route.name === 'campaigns' || store.get().list.campaigns.some(campaign => !isOver(campaign.state))
  setInterval(() => { if (!document.hidden && store.get().connection.ok && wanted()) void refreshCampaigns() }, PERIOD_MS)
  setInterval(() => { if (!document.hidden && store.get().list.campaigns.some(campaign => !isOver(campaign.state))) void refreshLive() }, LIVE_MS)
  store.watch(state => state.route, () => { void refreshCampaigns() })
  store.watch(state => state.followed?.campaign?.state, () => { void refreshCampaigns() }, { now: false })
}
