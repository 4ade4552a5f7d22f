import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellLabel, cellRadius, cellSide } from '../../Sources/Console/Public/js/pure/cells.js'
import { breaksFor, classOf } from '../../Sources/Console/Public/js/pure/coverage.js'
import { createPace } from '../../Sources/Console/Public/js/pure/eta.js'
import { createHistory } from '../../Sources/Console/Public/js/pure/history.js'
import { nameShift } from '../../Sources/Console/Public/js/pure/labels.js'
import { groups, isOver, isSettled, legTotals, openLegs } from '../../Sources/Console/Public/js/pure/progress.js'
import { readReport } from '../../Sources/Console/Public/js/pure/report.js'
import { missing, stateOf } from '../../Sources/Console/Public/js/pure/steps.js'

const draft = { items: [{ role: 'alert' }], message: { subject: 'Crue', text: 'Montez.' }, channels: ['sms'] }
const counted = { status: 'ok', value: { recipients: 12 } }

test('each step says what it lacks', () => {
  assert.deepEqual(missing(draft, counted), { zone: [], message: [], channels: [] })
  assert.deepEqual(missing({ items: [{ role: 'exclude' }], message: { subject: ' ', text: '' }, channels: [] }, counted), { zone: ['empty_zone'], message: ['no_subject', 'no_text'], channels: ['no_channel'] })
  assert.deepEqual(missing(draft, { status: 'ok', value: { recipients: 0 } }).zone, ['nobody'])
  assert.deepEqual(missing(draft, { status: 'error', value: null, error: { code: 'self_intersection' } }).zone, ['zone_error'])
  assert.deepEqual(missing(draft, { status: 'error', value: null, error: { code: 'network' } }).zone, ['no_server'])
  assert.equal(stateOf(missing(draft, counted), 'review'), 'done')
})

test('undo and redo walk the same path, and a new gesture forgets what was undone', () => {
  const history = createHistory()
  history.record('a')
  history.record('b')
  assert.equal(history.undo('c'), 'b')
  assert.equal(history.undo('b'), 'a')
  assert.equal(history.undo('a'), undefined)
  assert.equal(history.redo('a'), 'b')
  history.record('b')
  assert.equal(history.canRedo, false)
})

test('the time left follows the recent pace, and is unknown while nothing moves', () => {
  const pace = createPace()
  pace.add(0, 1000)
  assert.equal(pace.remainingSeconds(), null)
  pace.add(2000, 800)
  assert.equal(pace.remainingSeconds(), 8)
  pace.reset()
  assert.equal(pace.remainingSeconds(), null)
})

test('legs and recipients add up', () => {
  const sms = { queued: 4, inFlight: 1, accepted: 2, delivered: 3, answered: 1, acknowledged: 2, failed: 1, cancelled: 0 }
  assert.deepEqual([legTotals(sms).total, legTotals(sms).reached, legTotals(sms).waiting], [14, 8, 5])
  assert.equal(openLegs({ pending: 9, channels: { sms } }), 5)
  assert.equal(openLegs({ pending: 9, channels: {} }), 9)
  const parts = groups({ recipients: 10, acknowledged: 4, answered: 1, passed: 2, failed: 1, unreachable: 1, cancelled: 0, pending: 1 })
  assert.equal(parts.reduce((sum, part) => sum + part.count, 0), 10)
  assert.equal(parts[0].share, 0.4)
  assert.deepEqual(['running', 'paused', 'completed', 'stopped'].map(isOver), [false, false, true, true])
  const flying = { pending: 1, channels: { sms: { inFlight: 1 } } }
  const done = { pending: 0, channels: { sms: { delivered: 1 } } }
  assert.deepEqual([['running', done], ['stopped', flying], ['stopped', done]].map(([state, progress]) => isSettled({ state, progress })), [false, false, true])
})

test('cells grow with their count, keep within bounds, and tell their side', () => {
  assert.ok(cellRadius(1) < cellRadius(100) && cellRadius(100) < cellRadius(400))
  assert.equal(cellRadius(1_000_000), cellRadius(10_000))
  assert.deepEqual([{ recipients: 5, inside: 0 }, { recipients: 5, inside: 2 }, { recipients: 5, inside: 5 }].map(cellSide), ['out', 'part', 'in'])
  assert.equal(cellLabel(12_345, String), '12\u202fk')
})

test('coverage classes follow the register, unknown stays unknown', () => {
  const breaks = breaksFor([0.01, 0.02, 0.03, null])
  assert.equal(breaks.length, 4)
  assert.equal(classOf(0, breaks), 0)
  assert.equal(classOf(1, breaks), 4)
  assert.equal(classOf(null, breaks), null)
  assert.deepEqual(breaksFor([]), [0.25, 0.4, 0.55, 0.7])
})

test('a name moves off a count, or is left out', () => {
  assert.equal(nameShift([0, 0], 6, 12, [], 32), 0)
  const shift = nameShift([0, 0], 6, 12, [{ x: 0, y: 0, radius: 10 }], 32)
  assert.ok(shift !== null && Math.abs(shift) >= 16)
  const wall = [-60, -30, 0, 30, 60].map(y => ({ x: 0, y, radius: 20 }))
  assert.equal(nameShift([0, 0], 6, 12, wall, 32), null)
})

test('a report is read in the contract\'s spelling and in the report file\'s', () => {
  const legs = { queued: 0, inFlight: 1, accepted: 2, delivered: 3, answered: 0, acknowledged: 4, failed: 1, cancelled: 0 }
  const contract = readReport({
    reference: 'TOC-1', mode: 'exercise', state: 'completed', channels: ['sms'], progress: { channels: {} }, totals: { acknowledged: 4, answered: 0, notLocated: 7 },
    byChannel: { voice: legs, sms: legs }, byCommune: [{ code: '80021', name: 'Amiens', acknowledged: 4 }], firstSubmissionAt: 'a', lastOutcomeAt: 'b',
  })
  const file = readReport({
    reference: '1', mode: 'exercise', state: 'completed', not_located: 7, totals: { answered_validated: 4, answered_not_validated: 0 }, first_submission_at: 'a', last_outcome_at: 'b',
    channels: { voice: { ...legs, in_flight: 1 }, sms: legs }, communes: [{ code: '80021', name: 'Amiens', answered_validated: 4 }],
  })
  for (const report of [contract, file]) {
    assert.deepEqual(report.byChannel.map(one => one.channel), ['sms', 'voice'])
    assert.equal(report.byChannel[1].legs.inFlight, 1)
    assert.equal(report.totals.acknowledged, 4)
    assert.equal(report.totals.notLocated, 7)
    assert.deepEqual(report.byCommune, [{ code: '80021', name: 'Amiens', acknowledged: 4 }])
    assert.deepEqual([report.firstSubmissionAt, report.lastOutcomeAt], ['a', 'b'])
  }
})
