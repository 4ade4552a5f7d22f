/**
 * Keeps one question in the air and the newest one waiting: whatever was asked between them is dropped, and an answer sends what
 * waits. So the pace is the server's own, a long drag shows figures however slow it is, and none has to be cut off for the next.
 */

/**
 * @template Q, R
 * @param {object} options
 * @param {(question:Q, signal:AbortSignal)=>Promise<R>} options.send
 * @param {(question:Q)=>void} [options.onPending] a question was asked, its answer is not in
 * @param {(answer:R, question:Q, newest:boolean)=>void} options.onResult `newest` is false when another question waits already
 * @param {(error:unknown, question:Q)=>void} options.onError never for a question that another one waits behind
 * @param {number} [options.wait] milliseconds between two sends at least
 * @param {number} [options.patience] milliseconds after which a question without an answer is given up for one that waits; twice as
 *   many after each, until an answer comes
 * @param {{now:()=>number, set:(f:()=>void, ms:number)=>any, clear:(id:any)=>void}} [options.clock]
 */
export function createLatest({ send, onPending = () => {}, onResult, onError, wait = 40, patience = 1500, clock = browserClock }) {
  let sentAt = -Infinity
  let allowed = patience
  /** @type {any} */ let timer = null
  /** @type {{question:Q}|null} */ let waiting = null
  /** @type {AbortController|null} */ let flight = null

  function schedule() {
    if (timer !== null) clock.clear(timer)
    timer = null
    if (waiting === null) return
    const due = sentAt + (flight ? allowed : wait) - clock.now()
    if (due <= 0) void fire(waiting.question)
    else timer = clock.set(() => { timer = null; schedule() }, due)
  }

  async function fire(question) {
    waiting = null
    if (flight) {
      allowed = Math.min(LONGEST_PATIENCE, allowed * 2)
      flight.abort()
    }
    const controller = new AbortController()
    flight = controller
    sentAt = clock.now()
    let settle
    try {
      const answer = await send(question, controller.signal)
      settle = () => { allowed = patience; onResult(answer, question, waiting === null) }
    } catch (error) {
      settle = () => { if (waiting === null) onError(error, question) }
    }
    if (flight !== controller) return
    flight = null
    settle()
    schedule()
  }

  return {
    /** @param {Q} question */
    ask(question) {
      onPending(question)
      waiting = { question }
      schedule()
    },
    cancel() {
      waiting = null
      schedule()
      flight?.abort()
      flight = null
    },
  }
}

const LONGEST_PATIENCE = 12_000

const browserClock = {
  now: () => performance.now(),
  set: (f, ms) => setTimeout(f, ms),
  clear: id => clearTimeout(id),
}
