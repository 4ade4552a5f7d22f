/** Undo and redo over immutable values. */

/**
 * @template T
 * @param {number} [limit] how many steps back are kept
 */
export function createHistory(limit = 200) {
  /** @type {T[]} */ let past = []
  /** @type {T[]} */ let future = []
  return {
    /** Call before a change, with the value that is about to be replaced. @param {T} before */
    record(before) {
      past = [...past.slice(-limit + 1), before]
      future = []
    },
    /** @param {T} now @returns {T|undefined} the value to go back to */
    undo(now) {
      if (past.length === 0) return undefined
      future = [now, ...future]
      return past.pop()
    },
    /** @param {T} now @returns {T|undefined} */
    redo(now) {
      if (future.length === 0) return undefined
      past = [...past, now]
      const [next, ...rest] = future
      future = rest
      return next
    },
    clear() { past = []; future = [] },
    get canUndo() { return past.length > 0 },
    get canRedo() { return future.length > 0 },
  }
}
