/**
 * Keeps only the newest question in the air: throttled, the previous one aborted, late answers dropped.
 * When the server is slow the pace follows it, so that a long drag still shows figures.
 */

/**
 * @template Q, R
 * @param {object} options
 * @param {(question:Q, signal:AbortSignal)=>Promise<R>} options.send
 * @param {(question:Q)=>void} [options.onPending] a question was asked, its answer is not in
 * @param {(answer:R, question:Q, newest:boolean)=>void} options.onResult `newest` is false when another question waits already
 * @param {(error:unknown, question:Q)=>void} options.onError
 * @param {number} [options.wait] milliseconds between two sends
 * @param {number} [options.longestWait]
 * @param {{now:()=>number, set:(f:()=>void, ms:number)=>any, clear:(id:any)=>void}} [options.clock]
 */
export function createLatest({ send, onPending = () => {}, onResult, onError, wait = 150, longestWait = 900, clock = browserClock }) {
  let sequence = 0
  let sentAt = -Infinity
  let pace = wait
  /** @type {any} */ let timer = null
  /** @type {AbortController|null} */ let flight = null

  async function fire(question) {
    timer = null
    // Its answer did not come in time: the next one is given longer before it is aborted in its turn.
    if (flight) pace = Math.min(longestWait, pace * 1.5)
    flight?.abort()
    const controller = new AbortController()
    flight = controller
    sequence += 1
    const mine = sequence
    sentAt = clock.now()
    try {
      const answer = await send(question, controller.signal)
      if (mine !== sequence) return
      pace = Math.min(longestWait, Math.max(wait, (clock.now() - sentAt) * 1.2))
      flight = null
      onResult(answer, question, timer === null)
    } catch (error) {
      if (mine !== sequence || controller.signal.aborted) return
      flight = null
      onError(error, question)
    }
  }

  return {
    /** @param {Q} question */
    ask(question) {
      onPending(question)
      if (timer !== null) clock.clear(timer)
      const due = sentAt + pace - clock.now()
      if (due <= 0) { timer = null; void fire(question) } else timer = clock.set(() => { void fire(question) }, due)
    },
    cancel() {
      if (timer !== null) clock.clear(timer)
      timer = null
      sequence += 1
      flight?.abort()
      flight = null
    },
  }
}

const browserClock = {
  now: () => performance.now(),
  set: (f, ms) => setTimeout(f, ms),
  clear: id => clearTimeout(id),
}
