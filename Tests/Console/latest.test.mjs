import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLatest } from '../../Sources/Console/Public/js/pure/latest.js'

function bench() {
  let time = 0
  let timers = []
  const sent = []
  const answers = []
  const errors = []
  const fresh = []
  const latest = createLatest({
    wait: 150, patience: 1000,
    send: (question, signal) => new Promise((resolve, reject) => { sent.push({ question, at: time, signal, resolve, reject }) }),
    onResult: (answer, _, newest) => { answers.push(answer); fresh.push(newest) },
    onError: error => errors.push(error.message),
    clock: { now: () => time, set: (f, ms) => { const timer = { f, at: time + ms }; timers.push(timer); return timer }, clear: timer => { timers = timers.filter(other => other !== timer) } },
  })
  const advance = ms => {
    time += ms
    const due = timers.filter(timer => timer.at <= time)
    timers = timers.filter(timer => timer.at > time)
    for (const timer of due) timer.f()
  }
  return { latest, sent, answers, errors, fresh, advance }
}
const turn = () => new Promise(resolve => { setImmediate(resolve) })

test('the first question leaves at once, the newest of the next after its answer and the wait', async () => {
  const { latest, sent, answers, fresh, advance } = bench()
  latest.ask('a')
  advance(50)
  latest.ask('b')
  latest.ask('c')
  advance(500)
  assert.deepEqual(sent.map(one => one.question), ['a'])
  assert.equal(sent[0].signal.aborted, false)
  sent[0].resolve('answer a')
  await turn()
  assert.deepEqual(sent.map(one => one.question), ['a', 'c'])
  latest.ask('d')
  sent[1].resolve('answer c')
  await turn()
  assert.equal(sent.length, 2)
  advance(150)
  sent[2].resolve('answer d')
  await turn()
  assert.deepEqual(answers, ['answer a', 'answer c', 'answer d'])
  assert.deepEqual(fresh, [false, false, true])
})

test('however slow the server, a long drag shows figures', async () => {
  const { latest, sent, answers, advance } = bench()
  for (let step = 0; step < 400; step += 1) {
    latest.ask(step)
    advance(16)
    const last = sent[sent.length - 1]
    if (last.answered || sent.length === 0) continue
    if (step * 16 - last.at >= 800) { last.answered = true; last.resolve(`answer ${last.question}`) }
    await turn()
  }
  assert.ok(answers.length >= 7, `${answers.length} answers`)
  assert.ok(sent.every(one => !one.signal.aborted))
})

test('a question that nobody answers is given up for one that waits, each time later', async () => {
  const { latest, sent, answers, advance } = bench()
  latest.ask('a')
  advance(5000)
  assert.equal(sent[0].signal.aborted, false, 'nothing waits behind it')
  latest.ask('b')
  assert.equal(sent[0].signal.aborted, true)
  latest.ask('c')
  advance(1000)
  assert.equal(sent.length, 2)
  advance(1000)
  assert.deepEqual(sent.map(one => one.question), ['a', 'b', 'c'])
  sent[0].resolve('too late')
  sent[2].resolve('answer c')
  await turn()
  assert.deepEqual(answers, ['answer c'])
  // An answer came: patience is what it was.
  latest.ask('d')
  latest.ask('e')
  advance(1000)
  assert.equal(sent[3].question, 'e')
})

test('an error is told when nothing waits behind it, else what waits is asked', async () => {
  const { latest, sent, errors, advance } = bench()
  latest.ask('a')
  latest.ask('b')
  sent[0].reject(new Error('of a'))
  await turn()
  advance(150)
  sent[1].reject(new Error('of b'))
  await turn()
  assert.deepEqual(errors, ['of b'])
})

test('cancelling drops what waits and what is in the air', async () => {
  const { latest, sent, answers, advance } = bench()
  latest.ask('a')
  latest.ask('b')
  latest.cancel()
  advance(1000)
  sent[0].resolve('a')
  await turn()
  assert.equal(sent.length, 1)
  assert.deepEqual(answers, [])
})
