/** One plain state, replaced never mutated, and those who watch a part of it. */

/**
 * @template S
 * @param {S} initial
 */
export function createStore(initial) {
  let state = initial
  const watchers = new Set()
  return {
    get: () => state,
    /** @param {Partial<S>} patch */
    set(patch) {
      state = { ...state, ...patch }
      for (const watcher of [...watchers]) watcher()
    },
    /**
     * Calls back when what the selector returns changes; an array is compared element by element.
     * @param {(state:S)=>any} selector
     * @param {(value:any, state:S)=>void} callback
     * @param {{now?:boolean}} [options] now: call once at once (default)
     */
    watch(selector, callback, { now = true } = {}) {
      let previous = selector(state)
      const same = (a, b) => a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((x, i) => x === b[i]))
      const watcher = () => {
        const value = selector(state)
        if (same(value, previous)) return
        previous = value
        callback(value, state)
      }
      watchers.add(watcher)
      if (now) callback(previous, state)
      return () => watchers.delete(watcher)
    },
  }
}
