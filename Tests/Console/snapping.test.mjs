import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundedSnap, edgesToAsk, trimmed } from '../../Sources/Console/Public/js/pure/snapping.js'

test('edges are asked for once, and not of more communes than can be told apart', () => {
  assert.deepEqual(edgesToAsk(['b', 'a', 'b'], code => code === 'a'), { shown: ['a', 'b'], wanted: ['b'], tooMany: false })
  assert.deepEqual(edgesToAsk(['a', 'b', 'c'], () => false, 2), { shown: [], wanted: [], tooMany: true })
  assert.deepEqual(edgesToAsk([], () => false), { shown: [], wanted: [], tooMany: false })
})

test('a corner is never moved farther than the tolerance', () => {
  assert.deepEqual(boundedSnap([0, 0], [3, 4], 5), [3, 4])
  assert.deepEqual(boundedSnap([0, 0], [3, 4], 4.99), [0, 0])
  assert.deepEqual(boundedSnap([1, 2], null, 100), [1, 2])
})

test('what is in sight is never dropped to make room', () => {
  const kept = new Map(['a', 'b', 'c', 'd'].map(code => [code, 1]))
  assert.deepEqual([...trimmed(kept, ['a', 'd'], 2).keys()], ['a', 'd'])
})
