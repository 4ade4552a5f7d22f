/** How long a campaign will still take, from how fast it has gone lately. */

/** @param {number} [windowMs] how far back the pace is measured */
export function createPace(windowMs = 30_000) {
  /** @type {{at:number, left:number}[]} */ let samples = []
  return {
    /** @param {number} at milliseconds @param {number} left recipients or legs still to be settled */
    add(at, left) {
      samples = [...samples.filter(sample => sample.at >= at - windowMs), { at, left }]
    },
    /** @returns {number|null} seconds; null while the pace is not known or nothing moves */
    remainingSeconds() {
      const [first, last] = [samples[0], samples[samples.length - 1]]
      if (!first || last.at - first.at < 1500 || first.left <= last.left) return null
      return (last.left * (last.at - first.at)) / (first.left - last.left) / 1000
    },
    reset() { samples = [] },
  }
}
