/** The list an organisation wants in every alert: chosen in sight of the operator, who can take it away. Never in silence. */
import { get } from './api.js'
import { emptyDraft, store } from './state.js'
import { freshId } from './dom.js'
import { holdsList } from '../pure/zone.js'

/** Asks which list it is. A failure leaves none, and says so beside the zone. */
export async function loadDefaultList() {
  try {
    const { lists } = await get('/api/lists')
    store.set({ defaultList: { value: lists.find(list => list.isDefault) ?? null, error: null } })
  } catch (error) { store.set({ defaultList: { value: null, error } }) }
}

/** The zone's item of the default list. @param {{name:string}} list @returns {any} */
export const itemOf = list => ({ kind: 'list', role: 'alert', name: list.name })

/** A new draft, with the default list chosen. */
export function newDraft() {
  const { value } = store.get().defaultList
  return { ...emptyDraft(), items: value ? [{ ...itemOf(value), id: freshId('item-default') }] : [] }
}

/** The default list's name where the zone holds it, else null. */
export function chosenDefault({ draft, defaultList } = store.get()) {
  const name = defaultList.value?.name
  return name !== undefined && holdsList(draft.items, name) ? name : null
}
