/** Two cards side by side: what differs, what is proposed, and what becomes of both. */

/** Values of which one survives, in the order of the comparison. */
export const VALUES = ['name', 'kind', 'place', 'language', 'household', 'building']

const RANKS = { given: 4, house_number: 3, street: 2, locality: 1 }
const placeOf = card => [card.address, card.postcode, card.commune, card.communeCode, card.position?.longitude, card.position?.latitude].map(part => part ?? '').join('|')

/** @param {any} card @param {string} value */
export const valueOf = (card, value) => (value === 'place' ? placeOf(card) : card[value] ?? '')

/** Values in which the two differ. @param {any} kept @param {any} absorbed */
export const differing = (kept, absorbed) => VALUES.filter(value => valueOf(kept, value) !== valueOf(absorbed, value))

/** How well a card is placed: nobody becomes harder to find by a merging that was not thought about. @param {any} card */
const placing = card => (RANKS[card.precision] ?? 0) + (card.address ? 0.5 : 0)

/** What is proposed to be taken from the absorbed card: what the kept one lacks, and a better place. @param {any} kept @param {any} absorbed @returns {string[]} */
export const proposed = (kept, absorbed) => differing(kept, absorbed).filter(value => (value === 'place' ? placing(absorbed) > placing(kept) : !kept[value] && Boolean(absorbed[value])))

/**
 * What is taken from the absorbed card: what somebody picked stays picked, whichever card is kept; the rest is proposed.
 * @param {any} kept @param {any} absorbed @param {Map<string, number>} picked the card of each value that was picked by hand
 */
export function takenOf(kept, absorbed, picked) {
  const taken = new Set(proposed(kept, absorbed))
  for (const value of differing(kept, absorbed)) {
    if (picked.get(value) === absorbed.id) taken.add(value)
    else if (picked.get(value) === kept.id) taken.delete(value)
  }
  return taken
}

/** Which of the cards is proposed to stay: the one with more to reach it by; of equals the older. @param {any[]} people */
export const proposedKept = people => [...people].sort((a, b) => b.contacts.length - a.contacts.length || placing(b) - placing(a) || a.id - b.id)[0]

/** Metres between two points, near enough to be read; null where one has none. @param {any} first @param {any} second */
export function metresApart(first, second) {
  if (!first.position || !second.position) return null
  const radians = degrees => degrees * Math.PI / 180
  const north = radians(second.position.latitude - first.position.latitude), east = radians(second.position.longitude - first.position.longitude)
  const a = Math.sin(north / 2) ** 2 + Math.cos(radians(first.position.latitude)) * Math.cos(radians(second.position.latitude)) * Math.sin(east / 2) ** 2
  return 2 * 6_371_008.8 * Math.asin(Math.min(1, Math.sqrt(a)))
}

const PROTECTION = { refused: 4, given: 3, legal_basis: 2, unknown: 1 }

/** Contact points of both, each once; a refusal stays. @param {any} kept @param {any} absorbed */
export function united(kept, absorbed) {
  const all = new Map()
  for (const contact of [...kept.contacts, ...absorbed.contacts]) {
    const key = `${contact.channel} ${contact.address}`
    const known = all.get(key)
    if (!known || (PROTECTION[contact.consent] ?? 0) > (PROTECTION[known.consent] ?? 0)) all.set(key, { ...(known ?? contact), consent: contact.consent })
  }
  return [...all.values()]
}
