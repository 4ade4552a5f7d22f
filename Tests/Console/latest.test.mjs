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
    wait: 150,
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

test('the first question leaves at once, the next after the wait, the previous one aborted', async () => {
  const { latest, sent, answers, advance } = bench()
  latest.ask('a')
  advance(50)
  latest.ask('b')
  latest.ask('c')
  assert.deepEqual(sent.map(one => one.question), ['a'])
  advance(100)
  assert.deepEqual(sent.map(one => one.question), ['a', 'c'])
  assert.equal(sent[0].signal.aborted, true)
  sent[0].resolve('late')
  sent[1].resolve('answer c')
  await turn()
  assert.deepEqual(answers, ['answer c'])
})

test('an answer that comes while another question waits is told as not the newest', async () => {
  const { latest, sent, answers, fresh, advance } = bench()
  latest.ask('a')
  advance(50)
  latest.ask('b')
  sent[0].resolve('answer a')
  await turn()
  advance(100)
  sent[1].resolve('answer b')
  await turn()
  assert.deepEqual(answers, ['answer a', 'answer b'])
  assert.deepEqual(fresh, [false, true])
})

test('an error of an aborted question is silent, that of the newest is told', async () => {
  const { latest, sent, errors, advance } = bench()
  latest.ask('a')
  advance(200)
  latest.ask('b')
  sent[0].reject(new Error('aborted'))
  sent[1].reject(new Error('refused'))
  await turn()
  assert.deepEqual(errors, ['refused'])
})

test('a slow server is given longer, so that a long drag still shows figures', async () => {
  const { latest, sent, advance } = bench()
  latest.ask(0)
  for (let step = 1; step <= 40; step += 1) { advance(50); latest.ask(step) }
  const gaps = sent.slice(1).map((one, index) => one.at - sent[index].at)
  assert.ok(gaps[gaps.length - 1] > 300, `gaps ${gaps}`)
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
