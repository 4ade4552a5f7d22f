/** Who is signed in, and what to do when that ends. */
import { call, get, onApi, useToken } from './api.js'
import { askForProof } from './proof.js'
import { store } from './state.js'
import { forgetDraft } from './keep.js'

let leaving = false

/** Signs in again and comes back to the same place; the draft stays in the tab. */
export function toSignIn(reason) {
  if (leaving) return
  leaving = true
  const query = new URLSearchParams({ suite: location.hash })
  if (reason) query.set('motif', reason)
  location.assign(`/connexion?${query}`)
}

/** Fetches the session; leaves the page when there is none. @returns {Promise<any>} */
export async function openSession() {
  onApi({
    sessionLost: () => toSignIn('expiree'),
    passwordNeeded: () => { leaving = true; location.assign('/mot-de-passe') },
    reached: () => { store.set({ connection: { ok: true, lastAt: Date.now() } }) },
    unreachable: lost,
    proofNeeded: askForProof,
  })
  const session = await get('/api/session')
  useToken(session.csrf)
  if (session.mustChangePassword) { leaving = true; location.assign('/mot-de-passe') }
  store.set({ session })
  return session
}

let probing = false
/** Until the server answers again, it is asked every few seconds. */
function lost() {
  const { connection } = store.get()
  if (connection.ok) store.set({ connection: { ok: false, lastAt: connection.lastAt } })
  if (probing) return
  probing = true
  const probe = () => setTimeout(async () => {
    try { await get('/api/session'); probing = false } catch (error) {
      if (error.code === 'network') probe()
      else probing = false
    }
  }, 3000)
  probe()
}

export async function signOut() {
  await call('DELETE', '/api/session', { quiet: true })
  forgetDraft()
  leaving = true
  location.assign('/connexion')
}
