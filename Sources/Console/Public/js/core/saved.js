/** The organisation's saved perimeters, its own and inherited: their names, which the map's tiles are the other half of. */
import { get } from './api.js'
import { store } from './state.js'

/** @returns {Promise<{id:number, name:string}[]>} */
export async function loadSaved() {
  const { perimeters, version } = await get('/api/perimeters?geometry=none')
  store.set({ savedPerimeters: perimeters, savedVersion: version })
  return perimeters
}

/** One as it was saved, to the last vertex: the map's tiles are simplified. @param {number} id */
export const savedGeometry = async id => (await get(`/api/perimeters/${id}`)).geometry

/** After one was saved, where the map shows them. */
export async function refreshSaved() {
  if (!store.get().layers.saved) return
  try { await loadSaved() } catch { /* It is kept; the map shows it when they are next asked for. */ }
}
