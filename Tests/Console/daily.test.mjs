import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRule } from '../../Sources/Console/Public/js/pure/recurrence.js'
import { byMonth, stack } from '../../Sources/Console/Public/js/pure/statistics.js'

test('rules that the form writes are said in words', () => {
  assert.deepEqual(readRule(null), { kind: 'once' })
  assert.deepEqual(readRule('FREQ=DAILY'), { kind: 'daily' })
  assert.deepEqual(readRule('FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'), { kind: 'weekdays' })
  assert.deepEqual(readRule('FREQ=MONTHLY;BYDAY=1WE;UNTIL=20270630'), { kind: 'nth', place: 'first', day: 'wednesday', until: '2027-06-30' })
  assert.deepEqual(readRule('FREQ=MONTHLY;BYDAY=-1SU'), { kind: 'nth', place: 'last', day: 'sunday' })
})

test('a rule with more in it is shown as it is, never as a simpler one', () => {
  for (const rule of ['FREQ=WEEKLY;INTERVAL=2', 'FREQ=MONTHLY;BYDAY=1WE;COUNT=3', 'FREQ=MONTHLY;BYDAY=-2WE', 'FREQ=WEEKLY;BYDAY=MO,TH']) {
    assert.deepEqual(readRule(rule), { kind: 'other', text: rule })
  }
})

test('months are summed over organisations, and a bar is as high as its recipients', () => {
  const figures = [
    { month: '2026-11', campaigns: 1, recipients: 10, reached: 7, acknowledged: 3, failed: 2 },
    { month: '2026-10', campaigns: 2, recipients: 4, reached: 4, acknowledged: 0, failed: 0 },
    { month: '2026-11', campaigns: 1, recipients: 5, reached: 1, acknowledged: 1, failed: 1 },
  ]
  const sums = byMonth(figures)
  assert.deepEqual(sums.map(one => [one.month, one.campaigns, one.recipients]), [['2026-10', 2, 4], ['2026-11', 2, 15]])
  for (const sum of sums) assert.equal(stack(sum).reduce((all, one) => all + one.count, 0), sum.recipients)
  assert.deepEqual(stack(sums[1]), [{ name: 'acknowledged', count: 4 }, { name: 'reached', count: 4 }, { name: 'failed', count: 3 }, { name: 'rest', count: 4 }])
})
