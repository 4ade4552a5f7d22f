/** The console's state and the gestures that change the draft. */
import { createStore } from './store.js'
import { createHistory } from '../pure/history.js'
import { draftZone, itemsOf, zoneKeys } from '../pure/zone.js'
import { freshId, uuid } from './dom.js'
import { MODE } from './world.js'

/**
 * @typedef {import('../pure/zone.js').Item} Item
 * @typedef {{items:Item[], margin:number, certainOnly:boolean, message:{subject:string,text:string,variants?:any[]}, channels:string[], mode:'exercise'|'real', kind:'alert'|'information', weight:number, retries:number, retryMinutes:number, cascade:import('../pure/cascade.js').Cascade|null, requestKey:string}} Draft
 */

const CHANNELS = ['sms', 'voice', 'email', 'fax']

/** @returns {Draft} */
export const emptyDraft = () => ({
  items: [], margin: 0, certainOnly: false, message: { subject: '', text: '', variants: [] }, channels: [...CHANNELS], mode: MODE, kind: 'alert', weight: 1, retries: 2, retryMinutes: 1, cascade: null, requestKey: uuid(),
})

export const store = createStore({
  session: null,
  config: null,
  /** @type {{name:'draft'|'campaigns'|'campaign', id:string|null}} */ route: { name: 'draft', id: null },
  step: 'zone',
  tool: 'move',
  /** @type {Draft} */ draft: emptyDraft(),
  /** Items as a gesture in progress would leave them. @type {Item[]|null} */ preview: null,
  /** What is being drawn, for the toolbar. @type {{points:number, canFinish:boolean}|null} */ sketch: null,
  /** Whether corners stick to edges; `tooMany` communes in sight for theirs, `edges`: how many are at hand. */ snap: { on: true, tooMany: false, edges: 0 },
  /** @type {string|null} */ selected: null,
  /** @type {{status:'empty'|'pending'|'ok'|'error', value:any, error:any, at:number|null}} */
  counts: { status: 'empty', value: null, error: null, at: null },
  /** `at`: when its figures came. @type {{campaigns:any[], status:string, error:any, at:number|null}} */ list: { campaigns: [], status: 'idle', error: null, at: null },
  /** @type {any} */ followed: null,
  /** @type {any} */ review: { status: 'idle', value: null, error: null, key: '' },
  connection: { ok: true, lastAt: Date.now() },
  layers: { coverage: false, cells: true, names: true, saved: false, states: true, background: false },
  /** How the background map fares. @type {'waiting'|'shown'|'silent'} */ background: 'waiting',
  /** Which people of the followed campaign are listed over the map. @type {Record<string, string>|null} */ peopleOpen: null,
  /** What the map of its states says. @type {{at:string, withoutPlace:number, levels:Record<string, number>}|null} */ stateMap: null,
  /** @type {{breaks:number[], shares:Map<string, number|null>}|null} */ coverage: null,
  /** @type {{id:number, name:string}[]} */ savedPerimeters: [],
  /** Which state of them the map shows. */ savedVersion: '',
  /** The saved perimeter that the pointer or the focus is on. @type {number|null} */ pointed: null,
  /** @type {{value:{name:string, members:number}|null, error:any}} */ defaultList: { value: null, error: null },
  /** @type {{position:[number,number], text:string}|null} */ fault: null,
  historyDepth: 0,
  /** Where the draft is kept, and the organisation's drafts. @type {{status:'none'|'saving'|'kept'|'tab'|'large'|'gone', at:number|null, people:{user:string, pages:number}[], notice:any, list:any[], listError:any, error:any}} */
  sync: { status: 'none', at: null, people: [], notice: null, list: [], listError: null, error: null },
  /** How many times somebody else's changes were taken. */
  taken: 0,
})

const history = createHistory()

/** @param {Partial<Draft>} patch */
export function updateDraft(patch) {
  store.set({ draft: { ...store.get().draft, ...patch } })
}

/** Replaces the zone's items as one step that can be undone. @param {Item[]} items @param {{selected?:string|null}} [options] */
export function changeItems(items, options = {}) {
  const { draft, historyDepth } = store.get()
  history.record(draft.items)
  store.set({ draft: { ...draft, items }, preview: null, fault: null, historyDepth: historyDepth + 1, ...options })
}

/** Takes what another person changed. What is undone is one's own gestures: after another zone there are none. @param {any} document */
export function takeDraft(document) {
  const { draft, taken, historyDepth } = store.get()
  if (document.items !== draft.items) history.clear()
  // What changed is looked at again before it is sent.
  if (store.get().step === 'launch') store.set({ step: 'review' })
  store.set({ draft: { ...draft, ...document }, fault: null, taken: taken + 1, historyDepth: historyDepth + 1 })
}

/** @param {Omit<Item,'id'>} item @returns {string} its id */
export function addItem(item) {
  const id = `${freshId('item')}-${uuid().slice(0, 4)}`
  changeItems([...store.get().draft.items, /** @type {Item} */ ({ ...item, id })], { selected: id })
  return id
}

/** @param {string} id @param {object} patch */
export function patchItem(id, patch) {
  changeItems(store.get().draft.items.map(item => (item.id === id ? { ...item, ...patch } : item)))
}

/** @param {string} id */
export function removeItem(id) {
  changeItems(store.get().draft.items.filter(item => item.id !== id), { selected: null })
}

function travel(step) {
  const { draft, historyDepth } = store.get()
  const items = history[step](draft.items)
  if (items === undefined) return false
  store.set({ draft: { ...draft, items }, preview: null, selected: null, fault: null, historyDepth: historyDepth + 1 })
  return true
}
export const undo = () => travel('undo')
export const redo = () => travel('redo')
export const canUndo = () => history.canUndo
export const canRedo = () => history.canRedo

/** Starts over. @param {Draft} [draft] */
export function resetDraft(draft = emptyDraft()) {
  history.clear()
  store.set({ draft, preview: null, selected: null, sketch: null, tool: 'move', step: 'zone', fault: null, historyDepth: 0, review: { status: 'idle', value: null, error: null, key: '' } })
}

/** Items on the map now: a campaign's own, or the draft's as the gesture in progress would leave them. */
export function shownItems(state = store.get()) {
  if (state.route.name === 'campaign') return state.followed?.items ?? NOTHING
  return state.preview ?? state.draft.items
}
const NOTHING = []

/** The mode the page must announce. */
export const shownMode = (state = store.get()) => (state.route.name === 'campaign' && state.followed?.campaign ? state.followed.campaign.mode : state.draft.mode)

/** The zone document on the map now, or null. */
export const shownZone = (state = store.get()) => (state.route.name === 'campaign' ? state.followed?.campaign?.zone ?? null : draftZone(state.draft, shownItems(state)))
/** What decides it: a document is not made at each change of anything else. */
export const shownZoneKeys = state => (state.route.name === 'campaign' ? [state.followed?.campaign?.zone] : [shownItems(state), ...zoneKeys(state.draft)])
/** Metres around the zone shown; a campaign's items carry theirs. */
export const shownMargin = (state = store.get()) => (state.route.name === 'campaign' ? 0 : state.draft.margin)

export const campaignItems = zone => itemsOf(zone)
