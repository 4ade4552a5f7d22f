/** The tab's own copy of the draft: it outlives a reload, a lost session and a server out of reach; not another user. */
import { startDrafts, syncedNow } from './drafts.js'
import { emptyDraft, store } from './state.js'

const KEY = 'tocsin.draft'
let restored = null

/** @param {string} user @returns {boolean} whether there was one */
export function restoreDraft(user) {
  let kept = null
  try { kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') } catch { kept = null }
  if (!kept || kept.user !== user || kept.version !== 1) return false
  store.set({ draft: { ...emptyDraft(), ...kept.draft, mode: emptyDraft().mode }, step: kept.step ?? 'zone' })
  restored = kept.synced ?? null
  return true
}

/** @param {any} session */
export function keepDraft(session) {
  let timer = 0
  const write = () => {
    const { draft, step } = store.get()
    const kept = { version: 1, user: session.user, draft, step }
    try { sessionStorage.setItem(KEY, JSON.stringify({ ...kept, synced: syncedNow() })) } catch {
      try { sessionStorage.setItem(KEY, JSON.stringify(kept)) } catch { store.set({ keepFailed: true }) }
    }
  }
  store.watch(state => [state.draft, state.step, state.sync.at], () => {
    clearTimeout(timer)
    timer = setTimeout(write, 200)
  }, { now: false })
  addEventListener('pagehide', write)
  startDrafts(session, restored)
}

export const forgetDraft = () => { try { sessionStorage.removeItem(KEY) } catch { /* nothing was kept */ } }
