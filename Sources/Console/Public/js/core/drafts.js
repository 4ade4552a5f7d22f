/**
 * The draft on the server: kept a moment after each change, read again when somebody else changed it, and told to whoever has it
 * before them. Without the server it stays in the tab, as before.
 */
import { call, get, post } from './api.js'
import { announce } from './announce.js'
import { ask } from './dialog.js'
import { newDraft } from './default-list.js'
import { uuid } from './dom.js'
import { resetDraft, store, takeDraft, updateDraft } from './state.js'
import { hasText, t } from './texts.js'
import { completed, documentOf, isUntouched, LONGEST_DOCUMENT, merge, nameOf, putBack as putBackInto, same } from '../pure/drafts.js'

/** Milliseconds after the last change. */
const PAUSE = 600
/** Milliseconds after which a stream that was refused is tried again. */
const AGAIN = 3000

/** What the server has, as far as this page knows. @type {{key:string, version:number, document:any}} */
let synced = { key: '', version: 0, document: null }
/** What was sent and not answered: it may be there or not, so it is sent once more before anything newer. @type {{key:string, base:number, document:any}|null} */
let sent = null
/** As the draft was before anybody decided anything. */
let fresh = null
let timer = 0
let busy = false
/** @type {EventSource|null} */ let source = null
let again = 0
let mayPrepare = false
/** Whether this page is launching its draft: the server may have none any more, so nothing is kept of it or asked. */
let isHeld = false

const sync = patch => store.set({ sync: { ...store.get().sync, ...patch } })
const keyOf = () => store.get().draft.requestKey
const path = key => `/api/drafts/${key}`
const mine = () => documentOf(store.get().draft)

/** What the tab keeps of it, to go on after a reload. */
export const syncedNow = () => (synced.key === keyOf() ? { ...synced, sent: sent?.key === synced.key ? sent : null } : null)

/** @param {any} session @param {{key:string, version:number, document:any, sent?:any}|null} kept by the tab */
export function startDrafts(session, kept) {
  mayPrepare = session.capabilities?.includes('prepare') ?? false
  if (!mayPrepare) return
  fresh = documentOf(newDraft())
  const { sent: unanswered, ...known } = kept ?? {}
  synced = known.key === keyOf() ? known : { key: keyOf(), version: 0, document: null }
  sent = unanswered?.key === synced.key ? unanswered : null
  store.watch(state => state.draft, changed, { now: false })
  store.watch(state => state.connection.ok, ok => { if (ok) schedule(0) }, { now: false })
  document.addEventListener('visibilitychange', () => { if (document.hidden) close(); else if (synced.version > 0) listen() })
  void resume()
  void refreshDrafts()
}

async function resume() {
  if (sent) await save()
  if (synced.version === 0) { schedule(0); return }
  await pull()
  listen()
}

function changed() {
  if (keyOf() !== synced.key) {
    // Another draft: the one before stays on the server.
    close()
    isHeld = false
    synced = { key: keyOf(), version: 0, document: null }
    fresh = mine()
    sync({ status: 'none', people: [], notice: null, at: null })
    void refreshDrafts()
    return
  }
  schedule(PAUSE)
}
const schedule = wait => { clearTimeout(timer); timer = setTimeout(() => { void save() }, wait) }

async function save() {
  const key = keyOf()
  if (busy) { schedule(PAUSE); return }
  if (isHeld || key !== synced.key || store.get().sync.status === 'gone') return
  const isAgain = sent?.key === key
  const document = isAgain ? sent.document : mine()
  if (!isAgain && (synced.version === 0 ? isUntouched(document, fresh) : same(document, synced.document))) return
  const text = JSON.stringify(document)
  if (new TextEncoder().encode(text).length > LONGEST_DOCUMENT) { sync({ status: 'large' }); return }
  if (!isAgain) sent = { key, base: synced.version, document }
  const { base } = sent
  busy = true
  sync({ status: 'saving' })
  try {
    const { version } = await post(path(key), { base, name: nameOf(document), document: text })
    if (key !== synced.key) return
    const isFirst = synced.version === 0
    synced = { key, version, document }
    sent = null
    if (!isAgain || same(mine(), document)) sync({ status: 'kept', at: Date.now(), error: null })
    if (isFirst) { listen(); void refreshDrafts() }
  } catch (error) {
    if (key !== synced.key) return
    // Only an answer tells that it is not there.
    if (error.status >= 400 && error.status < 500) sent = null
    if (error.code === 'draft_changed') { busy = false; await pull() } else if (error.code === 'draft_gone') gone(null, null)
    else sync({ status: 'tab', error: error.code === 'network' ? null : error })
  } finally { busy = false }
  const { status } = store.get().sync
  if (isAgain && status === 'saving') { await save(); return }
  if (!same(mine(), synced.document) && status === 'kept') schedule(PAUSE)
}

/** Reads what somebody else kept, and brings it together with what is here. */
async function pull() {
  const key = synced.key
  try {
    const theirs = await get(path(key))
    // An answer may come late, after another draft was opened or after a newer version was kept.
    if (key !== synced.key) return
    if (theirs.version <= synced.version) { sync({ status: 'kept' }); return }
    const document = completed(theirs.document, newDraft())
    // Without a common base nobody's parts are thrown away.
    const { document: whole, refused, items, changed: parts } = merge(synced.document ?? {}, mine(), document)
    synced = { key, version: theirs.version, document }
    const before = mine()
    if (parts.length > 0) takeDraft(whole)
    sync({ status: 'kept', at: Date.now(), error: null })
    const words = all => [...new Set(all.map(part => partName(part)))].join(', ')
    const { user } = store.get().session
    if (refused.length > 0) {
      sync({ notice: { kind: 'refused', text: t('draft.refused', { user: theirs.changedBy, parts: words(refused) }) + (items.length ? ` ${t('draft.refusedItems', { names: items.map(item => item.name).join(', ') })}` : ''), mine: before, refused, ids: items.map(item => item.id) } })
      announce(t('draft.refused', { user: theirs.changedBy, parts: words(refused) }))
    } else if (parts.length > 0) {
      const text = theirs.changedBy === user ? t('draft.changedHere', { parts: words(parts) }) : t('draft.changedBy', { user: theirs.changedBy, parts: words(parts) })
      sync({ notice: { kind: 'changed', text } })
      announce(text)
    }
    if (!same(mine(), synced.document)) schedule(0)
  } catch (error) {
    if (key !== synced.key) return
    if (error.status === 404) gone(null, null)
    else if (error instanceof RangeError) sync({ status: 'tab', notice: { kind: 'changed', text: t('draft.newer') } })
    else sync({ status: 'tab', error: error.code === 'network' ? null : error })
  }
}
const partName = part => { const name = `draft.part.${part.split('.')[0]}`; return hasText(name) ? t(name) : t('draft.part.settings') }

/** @param {string|null} how launched or removed, where that is known @param {string|null} by */
function gone(how, by) {
  close()
  const text = how === 'launched' ? t('draft.launchedBy', { user: by ?? '' }) : how === 'removed' ? t('draft.removedBy', { user: by ?? '' }) : t('draft.gone')
  sync({ status: 'gone', people: [], notice: { kind: how === 'launched' || how === null ? 'launched' : 'removed', text } })
  announce(text)
}

function close() {
  source?.close()
  source = null
  clearTimeout(again)
}

function listen() {
  close()
  if (isHeld || document.hidden || synced.version === 0) return
  const key = synced.key
  const own = new EventSource(`${path(key)}/events`)
  source = own
  own.addEventListener('draft', event => {
    if (source !== own || key !== synced.key) return
    const { state, version, by, people } = JSON.parse(event.data)
    sync({ people })
    // One's own launch is answered to the page that asked, which goes on to the campaign.
    if (state !== 'open') { setTimeout(() => { if (key === synced.key && source === own) gone(state, by) }, by === store.get().session.user ? AGAIN : 0); return }
    if (version > synced.version && !busy) void pull()
    // What is being saved comes back as an update, or is refused and read again.
    else if (version > synced.version) setTimeout(() => { if (source === own && version > synced.version) void pull() }, PAUSE)
  })
  own.addEventListener('error', () => {
    if (source !== own || own.readyState !== EventSource.CLOSED) return
    again = setTimeout(async () => {
      await refreshDrafts()
      if (source !== own) return
      if (store.get().sync.list?.some(draft => draft.key === key) !== false) listen()
      else gone(null, null)
    }, AGAIN)
  })
}

/** Asks which drafts there are. */
export async function refreshDrafts() {
  if (!mayPrepare) return
  try { sync({ list: (await get('/api/drafts')).drafts, listError: null }) } catch (error) { sync({ listError: error }) }
}

/** Opens a draft of the organisation. @param {string} key */
export async function openDraft(key) {
  await flush()
  const found = await get(path(key))
  let document
  try { document = completed(found.document, newDraft()) } catch {
    sync({ notice: { kind: 'changed', text: t('draft.newer') } })
    return
  }
  const before = synced
  synced = { key: found.key, version: found.version, document }
  sent = null
  if (before.key !== found.key) close()
  resetDraft({ ...newDraft(), ...document, requestKey: found.key })
  sync({ status: 'kept', at: new Date(found.changedAt).getTime(), people: [], notice: null, error: null })
  listen()
  announce(t('draft.opened', { name: found.name || t('draft.noName') }))
}

/** Puts the draft aside, where it stays, and starts another. */
export async function startAnother() {
  await flush()
  resetDraft(newDraft())
}

/** What was changed in the last moment is kept before the page shows something else; where it cannot be, somebody says so. */
async function flush() {
  clearTimeout(timer)
  while (busy) await new Promise(done => { setTimeout(done, 50) })
  await save()
  const isKept = synced.version > 0 ? same(mine(), synced.document) : isUntouched(mine(), fresh)
  if (isKept || store.get().sync.status === 'gone') return
  if (!await ask({ title: t('draft.loseTitle'), lines: [t('draft.loseText')], confirm: t('draft.loseGo'), danger: true })) throw new StayHere()
}

/** Somebody chose to keep what is on the page. */
export class StayHere extends Error {}

/** While this page launches, what becomes of the draft is its own doing: nothing is kept of it, or asked. */
export function hold() {
  isHeld = true
  clearTimeout(timer)
  close()
}

/** Nothing was launched: the draft goes on. */
export function release() {
  isHeld = false
  if (synced.version > 0 && synced.key === keyOf() && store.get().sync.status !== 'gone') { listen(); schedule(PAUSE) }
}

/** Goes on with what is on the page under a key of its own: the one before has served. */
export function continueAsNew() {
  close()
  const key = uuid()
  synced = { key, version: 0, document: null }
  fresh = {}
  updateDraft({ requestKey: key })
  store.set({ step: 'review', review: { status: 'idle', value: null, error: null, key: '' } })
  sync({ status: 'none', people: [], notice: null, at: null })
  schedule(0)
}

/** @param {string} key */
export async function removeDraft(key) {
  const isHere = key === synced.key
  if (isHere) close()
  await call('DELETE', path(key))
  if (isHere) resetDraft(newDraft())
  await refreshDrafts()
}

/** Keeps what somebody else threw away. */
export function keepAnyway() {
  sent = null
  synced = { key: keyOf(), version: 0, document: null }
  fresh = {}
  sync({ status: 'none', notice: null })
  schedule(0)
}

/** Puts back what was refused: whoever else is there sees it as a change. @param {{mine:any, refused:string[], ids:string[]}} notice */
export function putBack({ mine: own, refused, ids }) {
  takeDraft(putBackInto(mine(), own, refused, ids))
  sync({ notice: null })
}
export const dismiss = () => sync({ notice: null })
