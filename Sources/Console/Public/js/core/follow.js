/** Follows one campaign by server-sent events, through cuts, until it ends. */
import { get } from './api.js'
import { campaignItems, store } from './state.js'
import { announce } from './announce.js'
import { t } from './texts.js'
import { createPace } from '../pure/eta.js'
import { isSettled, openLegs } from '../pure/progress.js'

/** @type {EventSource|null} */ let source = null
let retry = 0
const pace = createPace()
const patch = (id, values) => {
  const { followed } = store.get()
  if (followed?.id === id) store.set({ followed: { ...followed, ...values } })
}

function take(id, event) {
  const { state, startedAt, endedAt, progress } = JSON.parse(event.data)
  const { followed } = store.get()
  if (followed?.id !== id) return
  if (state === 'running') pace.add(Date.now(), openLegs(progress))
  else pace.reset()
  if (followed.campaign.state !== state) announce(t(`campaign.spoken.${state}`))
  patch(id, {
    campaign: { ...followed.campaign, state, startedAt, endedAt, progress }, live: isSettled({ state, progress }) ? 'ended' : 'live',
    at: Date.now(), remainingSeconds: state === 'running' ? pace.remainingSeconds() : null,
  })
}

function listen(id) {
  source?.close()
  clearTimeout(retry)
  source = new EventSource(`/api/campaigns/${encodeURIComponent(id)}/events`)
  const own = source
  own.addEventListener('progress', event => take(id, event))
  // What was measured is told once nothing is under way any more.
  own.addEventListener('end', () => { own.close(); patch(id, { live: 'ended' }); void measured(id) })
  own.addEventListener('error', () => {
    if (store.get().followed?.live === 'ended') { own.close(); return }
    patch(id, { live: 'lost' })
    // Refused or gone: the browser gives up by itself, so ask whether the session still stands and start again.
    if (own.readyState === EventSource.CLOSED) {
      retry = setTimeout(async () => {
        try { await get('/api/session') } catch { /* the connection banner shows it; try again below */ }
        if (store.get().followed?.id === id) listen(id)
      }, 2000)
    }
  })
}

/** @param {string|null} id null: stop following */
export async function follow(id) {
  if ((store.get().followed?.id ?? null) === id) return
  source?.close()
  source = null
  clearTimeout(retry)
  pace.reset()
  if (id === null) { store.set({ followed: null }); return }
  store.set({ followed: { id, campaign: null, items: [], live: 'loading', at: null, error: null, remainingSeconds: null } })
  await reload(id)
}

/** A zone document names communes and intercommunalités by code only: where they are is asked, so that the map can show them. */
async function locate(id) {
  try { await locateEPCIs(id) } catch { /* their communes are not drawn: the figures stand all the same */ }
  const items = store.get().followed?.items ?? []
  const codes = items.filter(item => item.kind === 'communes').flatMap(item => item.codes).slice(0, 100)
  if (codes.length === 0) return
  try {
    const { communes } = await get(`/api/communes?codes=${codes.join(',')}`)
    const bounds = new Map(communes.map(commune => [commune.code, commune.bounds]))
    patch(id, { items: items.map(item => (item.kind === 'communes' ? { ...item, bounds: unionOf(item.codes.map(code => bounds.get(code)).filter(Boolean)) } : item)) })
  } catch { /* the outline is drawn all the same: only the view's framing is lost */ }
}
async function locateEPCIs(id) {
  const known = new Map()
  for (const { siren } of (store.get().followed?.items ?? []).filter(item => item.kind === 'epci')) {
    const { epcis } = await get(`/api/epcis?q=${siren}&limit=1`)
    if (epcis[0]?.siren === siren) known.set(siren, epcis[0])
  }
  if (known.size === 0) return
  patch(id, { items: store.get().followed.items.map(item => { const found = item.kind === 'epci' && known.get(item.siren); return found ? { ...item, name: found.name, codes: found.codes, bounds: found.bounds ?? undefined } : item }) })
}
const unionOf = all => (all.length === 0 ? undefined : all.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]))

async function measured(id) {
  try {
    const { estimate } = await get(`/api/campaigns/${encodeURIComponent(id)}`)
    const { followed } = store.get()
    if (followed?.id === id) patch(id, { campaign: { ...followed.campaign, estimate } })
  } catch { /* the figures of the estimate stay alone */ }
}

/** Fetches the campaign whole, then listens if its figures are not final. @param {string} id */
export async function reload(id) {
  try {
    const campaign = await get(`/api/campaigns/${encodeURIComponent(id)}`)
    patch(id, { campaign, items: campaignItems(campaign.zone), live: isSettled(campaign) ? 'ended' : 'live', at: Date.now(), error: null })
    if (!isSettled(campaign) && store.get().followed?.id === id) listen(id)
    if (store.get().followed?.items.some(item => (item.kind === 'communes' || item.kind === 'epci') && !item.bounds)) void locate(id)
  } catch (error) {
    patch(id, { live: 'failed', error })
  }
}
