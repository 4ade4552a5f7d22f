import assert from 'node:assert/strict'
import { test } from 'node:test'
import { circleRing, destination, distance, isInsideRing } from '../../Sources/Console/Public/js/pure/geodesy.js'

test('a degree of latitude and of longitude measure what the ellipsoid says', () => {
  assert.ok(Math.abs(distance([0, 0], [1, 0]) - 111_319.491) < 0.01)
  assert.ok(Math.abs(distance([0, 0], [0, 1]) - 110_574.389) < 0.01)
  assert.equal(distance([2, 49], [2, 49]), 0)
})

test('every vertex of a displayed circle is at its radius, in the Somme and in La Réunion', () => {
  for (const centre of [[2.3, 49.9], [55.5, -21.1], [-61, 14.6]]) {
    for (const metres of [50, 5000, 80_000]) {
      const ring = circleRing(centre, metres)
      assert.equal(ring.length, 97)
      assert.deepEqual(ring[0], ring[96])
      for (const point of ring) assert.ok(Math.abs(distance(centre, point) - metres) < 0.001)
    }
  }
})

test('the destination goes the way of the bearing', () => {
  const [longitude, latitude] = destination([2.3, 49.9], 1000, 90)
  assert.ok(longitude > 2.3 && Math.abs(latitude - 49.9) < 1e-5)
})

test('a point is inside a ring or not', () => {
  const ring = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
  assert.equal(isInsideRing([5, 5], ring), true)
  assert.equal(isInsideRing([15, 5], ring), false)
})
