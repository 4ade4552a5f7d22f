/** Drafts as the server keeps them: what is kept, what they are called, and how two people's changes come together. */

/** Belongs to the page or to its address, not to what is prepared. */
const OWN = new Set(['requestKey', 'mode'])
const KINDS = new Set(['polygon', 'circle', 'communes', 'department', 'epci', 'list', 'tag', 'campaign', 'filter'])
const ROLES = new Set(['alert', 'within', 'exclude'])

/** Characters the server keeps of a name. */
const LONGEST_NAME = 120
/** Bytes of a document that the server takes. */
export const LONGEST_DOCUMENT = 4 * 1024 * 1024

const sorted = value => (Array.isArray(value) ? value.map(sorted)
  : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)])) : value)
/** @param {any} left @param {any} right whether they say the same, in whatever order */
export const same = (left, right) => left === right || JSON.stringify(sorted(left) ?? null) === JSON.stringify(sorted(right) ?? null)

/** @param {any} draft @returns {any} what the server keeps of it */
export const documentOf = draft => Object.fromEntries(Object.entries(draft).filter(([key, value]) => !OWN.has(key) && value !== undefined))

/** Whether nothing of it was decided by anyone yet: the numbers that pages give to items are not compared. @param {any} document @param {any} fresh */
export const isUntouched = (document, fresh) => {
  const plain = one => ({ ...one, items: (one.items ?? []).map(({ id, ...item }) => item) })
  return same(plain(document), plain(fresh))
}

/** @param {any} draft its subject, or what its zone is made of; empty when there is neither */
export function nameOf(draft) {
  const subject = draft.message?.subject?.trim() ?? ''
  const zone = (draft.items ?? []).filter(item => item.role === 'alert').map(item => item.name).filter(Boolean)
  const name = [subject, zone.slice(0, 3).join(', ') + (zone.length > 3 ? '…' : '')].filter(Boolean).join(' – ')
  const letters = [...name]
  return letters.length <= LONGEST_NAME ? name : `${letters.slice(0, LONGEST_NAME - 1).join('')}…`
}

/**
 * A document from elsewhere, with everything a page relies on.
 * @param {any} document @param {any} empty a new draft
 * @throws {RangeError} for a part of the zone that this page does not know: left out, it would be saved away for everybody
 */
export function completed(document, empty) {
  const own = document && typeof document === 'object' && !Array.isArray(document) ? document : {}
  const items = Array.isArray(own.items) ? own.items : []
  if (!items.every(item => item && typeof item.id === 'string' && KINDS.has(item.kind) && ROLES.has(item.role))) throw new RangeError('a part of the zone')
  const message = { ...empty.message, ...(own.message && typeof own.message === 'object' ? own.message : {}) }
  return { ...documentOf(empty), ...documentOf(own), items, message: { ...message, variants: Array.isArray(message.variants) ? message.variants : [] } }
}

/** Three versions of one value: whoever changed it alone has it; both changed it otherwise, it is theirs, who were first. */
function pick(base, mine, theirs) {
  if (same(mine, theirs) || same(mine, base)) return { value: theirs, lost: false }
  return same(theirs, base) ? { value: mine, lost: false } : { value: theirs, lost: true }
}

function mergeItems(base, mine, theirs) {
  const of = (items, id) => items.find(item => item.id === id)
  const ids = [...new Set([...theirs, ...mine].map(item => item.id))]
  const lost = []
  const items = ids.flatMap(id => {
    const { value, lost: isLost } = pick(of(base, id), of(mine, id), of(theirs, id))
    if (isLost) lost.push({ id, name: (of(mine, id) ?? of(theirs, id)).name ?? '' })
    return value ? [value] : []
  })
  return { items, lost }
}

/**
 * Brings two people's changes together, part by part.
 * @param {any} base what both started from @param {any} mine @param {any} theirs what the server has
 * @returns {{document:any, refused:string[], items:{id:string, name:string}[], changed:string[]}} the whole; members of `mine` that
 *   are not in it, and the zone's parts among them; members that changed for who had `mine`
 */
export function merge(base, mine, theirs) {
  const document = {}, refused = []
  const members = new Set([...Object.keys(theirs), ...Object.keys(mine)])
  for (const member of members) {
    if (member === 'items' || member === 'message') continue
    const { value, lost } = pick(base[member], mine[member], theirs[member])
    if (value !== undefined) document[member] = value
    if (lost) refused.push(member)
  }
  document.message = {}
  for (const member of new Set([...Object.keys(theirs.message ?? {}), ...Object.keys(mine.message ?? {})])) {
    const { value, lost } = pick(base.message?.[member], mine.message?.[member], theirs.message?.[member])
    if (value !== undefined) document.message[member] = value
    if (lost) refused.push(`message.${member}`)
  }
  const { items, lost } = mergeItems(base.items ?? [], mine.items ?? [], theirs.items ?? [])
  document.items = items
  if (lost.length > 0) refused.push('items')
  const changed = [...new Set([...members, 'items'])].filter(member => !same(mine[member], document[member]))
  return { document, refused, items: lost, changed }
}

/**
 * One's own version of what was refused, and of nothing else: what somebody added meanwhile stays.
 * @param {any} now as it stands @param {any} mine as it was @param {string[]} refused members @param {string[]} ids of refused parts of the zone
 */
export function putBack(now, mine, refused, ids) {
  const next = { ...now, message: { ...now.message } }
  for (const member of refused) {
    if (member === 'items') next.items = [...(now.items ?? []).filter(item => !ids.includes(item.id)), ...(mine.items ?? []).filter(item => ids.includes(item.id))]
    else if (member.startsWith('message.')) next.message[member.slice(8)] = mine.message?.[member.slice(8)]
    else next[member] = mine[member]
  }
  return next
}
