/** What a gateway's figures say, in words of the catalogue: nothing here knows the page. */

/** How a gateway is: the catalogue's key and what fills it. @param {any} card @param {number} now milliseconds since 1970 */
export function stateOf(card, now) {
  if (card.circuit === null) return { mark: 'unknown', key: 'gateways.state.unknown', values: {} }
  if (card.circuit === 'closed') return { mark: 'closed', key: card.lastSuccess || card.probeSucceeded ? 'gateways.state.closed' : 'gateways.state.fresh', values: {} }
  const seconds = card.pausedUntil ? Math.max(0, Math.ceil((Date.parse(card.pausedUntil) - now) / 1000)) : 0
  return card.circuit === 'open' ? { mark: 'open', key: 'gateways.state.open', values: { seconds } } : { mark: 'half_open', key: 'gateways.state.half_open', values: {} }
}

/** The share of the last hour's answers that took the message; null where nothing was sent. @param {any} card */
export function shareTaken(card) {
  const all = card.taken + card.refused + card.faults
  return all === 0 ? null : card.taken / all
}

/** States that changed from one board to the next, by name: what is said aloud. @param {any} before @param {any} after */
export function changes(before, after) {
  const known = new Map((before?.gateways ?? []).map(card => [card.name, card.circuit]))
  return after.gateways.filter(card => known.has(card.name) && known.get(card.name) !== card.circuit && (card.circuit === 'closed' || known.get(card.name) === 'closed' || known.get(card.name) === null))
}
