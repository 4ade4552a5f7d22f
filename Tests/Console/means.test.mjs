import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changes, shareTaken, stateOf } from '../../Sources/Console/Public/js/pure/gateways.js'
import { differing, metresApart, proposed, proposedKept, takenOf, united } from '../../Sources/Console/Public/js/pure/doubles.js'

const gateway = more => ({ name: 'a', circuit: 'closed', lastSuccess: null, probeSucceeded: null, pausedUntil: null, taken: 0, refused: 0, faults: 0, ...more })

test('a gateway that nothing was asked of is not said to work', () => {
  assert.equal(stateOf(gateway({}), 0).key, 'gateways.state.fresh')
  assert.equal(stateOf(gateway({ lastSuccess: '2026-01-01T00:00:00Z' }), 0).key, 'gateways.state.closed')
  assert.equal(stateOf(gateway({ circuit: null }), 0).mark, 'unknown')
})

test('one that is down says when it is tried again, and never in less than no time', () => {
  const down = gateway({ circuit: 'open', pausedUntil: '1970-01-01T00:00:10Z' })
  assert.equal(stateOf(down, 4500).values.seconds, 6)
  assert.equal(stateOf(down, 20_000).values.seconds, 0)
})

test('a share of nothing is none', () => {
  assert.equal(shareTaken(gateway({})), null)
  assert.equal(shareTaken(gateway({ taken: 3, faults: 1 })), 0.75)
})

test('what is said aloud is going down and coming back, once each', () => {
  const board = circuit => ({ gateways: [gateway({ circuit })] })
  assert.equal(changes(board('closed'), board('open')).length, 1)
  assert.equal(changes(board('open'), board('half_open')).length, 0)
  assert.equal(changes(board('half_open'), board('closed')).length, 1)
  assert.equal(changes(null, board('open')).length, 0)
})

const card = more => ({ id: 1, name: 'Ana', kind: 'person', language: 'fr', household: null, building: null, address: null, postcode: null, commune: null, communeCode: null, precision: 'not_located', position: null, contacts: [], lists: [], ...more })
const contact = (address, consent = null) => ({ channel: 'sms', address, consent })

test('nobody is proposed to become harder to find', () => {
  const placed = card({ id: 2, address: '1 rue Haute', precision: 'house_number', position: { longitude: 2, latitude: 49 } })
  assert.deepEqual(proposed(card({}), placed), ['place'])
  assert.deepEqual(proposed(placed, card({})), [])
  assert.deepEqual(proposed(card({}), card({ building: 'B' })), ['building'])
  assert.deepEqual(differing(card({}), card({ name: 'Anna' })), ['name'])
})

test('what was picked stays picked when the other card is kept, and whoever is not of the two says nothing', () => {
  const [first, second] = [card({ id: 1, name: 'Ana' }), card({ id: 2, name: 'Anna', building: 'B' })]
  assert.deepEqual([...takenOf(first, second, new Map())], ['building'])
  const picked = new Map([['name', 2], ['building', 1]])
  assert.deepEqual([...takenOf(first, second, picked)], ['name'])
  assert.deepEqual([...takenOf(second, first, picked)], ['building'])
  assert.deepEqual([...takenOf(first, card({ id: 3, name: 'A.' }), picked)], [])
})

test('the card with more to be reached by stays', () => {
  const more = card({ id: 9, contacts: [contact('+33600000001')] })
  assert.equal(proposedKept([card({ id: 1 }), more]), more)
  assert.equal(proposedKept([card({ id: 4 }), card({ id: 3 })]).id, 3)
})

test('contact points are united, and a refusal stays one', () => {
  for (const [a, b] of [['refused', 'given'], ['given', 'refused'], [null, 'refused']]) {
    const all = united(card({ contacts: [contact('+1', a), contact('+2')] }), card({ contacts: [contact('+1', b), contact('+3')] }))
    assert.deepEqual(all.map(one => one.address), ['+1', '+2', '+3'])
    assert.equal(all[0].consent, 'refused')
  }
})

test('distance is the ground’s', () => {
  const at = (longitude, latitude) => card({ position: { longitude, latitude } })
  assert.ok(Math.abs(metresApart(at(2, 49), at(2, 50)) - 111_195) < 5)
  assert.equal(metresApart(at(2, 49), card({})), null)
})
