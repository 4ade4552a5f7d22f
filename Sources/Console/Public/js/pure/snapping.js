/** Which communes' edges a drawing may stick to, and how far a corner may be moved. */

/** Pixels: a corner is never moved farther. */
export const SNAP_PIXELS = 10
/** A finger covers what it touches. */
export const SNAP_PIXELS_TOUCH = 16
/** Communes whose edges are asked for at once: beyond, they are too small on the screen to be meant. */
export const MOST_EDGES = 40
/** Edges kept in the page. */
export const MOST_KEPT = 400

/**
 * @param {string[]} inView codes of the communes in sight, a code perhaps several times @param {(code:string)=>boolean} isKnown @param {number} [most]
 * @returns {{shown:string[], wanted:string[], tooMany:boolean}} whose edges count, which of them are still to be asked for, and whether the view is too wide for any
 */
export function edgesToAsk(inView, isKnown, most = MOST_EDGES) {
  const shown = [...new Set(inView)].sort()
  if (shown.length > most) return { shown: [], wanted: [], tooMany: true }
  return { shown, wanted: shown.filter(code => !isKnown(code)), tooMany: false }
}

/**
 * The snapped place if it is near enough, else the place itself: whatever found it, a corner does not jump.
 * @param {[number, number]} place @param {[number, number]|null} found both in the map's units @param {number} tolerance in these units
 */
export const boundedSnap = (place, found, tolerance) => (found && Math.hypot(found[0] - place[0], found[1] - place[1]) <= tolerance ? found : place)

/** Keeps the newest of a map of answers. @param {Map<string, any>} kept @param {string[]} needed never dropped @param {number} [most] */
export function trimmed(kept, needed, most = MOST_KEPT) {
  const safe = new Set(needed)
  for (const key of [...kept.keys()]) {
    if (kept.size <= most) return kept
    if (!safe.has(key)) kept.delete(key)
  }
  return kept
}
