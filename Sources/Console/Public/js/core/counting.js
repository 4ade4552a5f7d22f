/** The live figure: whatever the zone is now, its counts follow. */
import { post } from './api.js'
import { announce } from './announce.js'
import { store } from './state.js'
import { n, t } from './texts.js'
import { explain } from './errors.js'
import { createLatest } from '../pure/latest.js'
import { draftZone, zoneKeys } from '../pure/zone.js'

export function startCounting() {
  const set = patch => store.set({ counts: { ...store.get().counts, ...patch } })
  const latest = createLatest({
    // While something is being dragged the counts alone: area and population take longer than a frame.
    send: (zone, signal) => post('/api/zone/counts', store.get().preview ? { zone, detail: 'counts' } : { zone }, signal),
    onPending: () => set({ status: 'pending' }),
    onResult(value, _, newest) {
      // The figure of a zone that has changed meanwhile is shown, but as unsure.
      set({ status: newest ? 'ok' : 'pending', value, error: null, at: Date.now() })
      announce(t('audience.spoken', { count: value.recipients, communes: value.communes }))
    },
    onError(error) {
      set({ status: 'error', error })
      const drawing = store.get().preview !== null
      if (error.detail?.position) store.set({ fault: { position: error.detail.position, text: explain(error).what } })
      if (!drawing) announce(explain(error).what)
    },
  })
  const recount = () => {
    const { preview, draft, fault } = store.get()
    if (fault) store.set({ fault: null })
    const zone = draftZone(draft, preview ?? draft.items)
    if (zone) latest.ask(zone)
    else { latest.cancel(); store.set({ counts: { status: 'empty', value: null, error: null, at: null } }) }
  }
  store.watch(state => [state.preview, ...zoneKeys(state.draft)], recount)
  // Back after a cut: the figure on screen is old.
  store.watch(state => state.connection.ok, ok => { if (ok && store.get().counts.status === 'error') recount() }, { now: false })
  return { recount, spokenTotal: () => n.integer(store.get().counts.value?.recipients ?? 0) }
}
