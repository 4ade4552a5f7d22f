/** The draft outlives a reload, a lost session and a server restart; not the tab, and not another user. */
import { emptyDraft, store } from './state.js'

const KEY = 'tocsin.draft'

/** @param {string} user @returns {boolean} whether there was one */
export function restoreDraft(user) {
  let kept = null
  try { kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') } catch { kept = null }
  if (!kept || kept.user !== user || kept.version !== 1) return false
  store.set({ draft: { ...emptyDraft(), ...kept.draft, mode: emptyDraft().mode }, step: kept.step ?? 'zone' })
  return true
}

/** @param {string} user */
export function keepDraft(user) {
  let timer = 0
  const write = () => {
    const { draft, step } = store.get()
    try { sessionStorage.setItem(KEY, JSON.stringify({ version: 1, user, draft, step })) } catch { store.set({ keepFailed: true }) }
  }
  store.watch(state => [state.draft, state.step], () => {
    clearTimeout(timer)
    timer = setTimeout(write, 200)
  }, { now: false })
  addEventListener('pagehide', write)
}

export const forgetDraft = () => { try { sessionStorage.removeItem(KEY) } catch { /* nothing was kept */ } }
