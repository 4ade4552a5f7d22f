import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createNumbers, parseDecimal, parseInteger } from '../../Sources/Console/Public/js/pure/numbers.js'

const french = createNumbers('fr-FR')

test('whole numbers are grouped by narrow no-break spaces in French', () => {
  assert.equal(french.integer(12030), '12\u202f030')
  assert.equal(french.integer(0), '0')
  assert.equal(french.integer(null), '–')
})

test('areas, distances and durations carry a unit that fits', () => {
  assert.equal(french.area(850), '850\u202fm²')
  assert.equal(french.area(420_000), '42\u202fha')
  assert.equal(french.area(1_076_600_000), '1\u202f076,6\u202fkm²')
  assert.equal(french.distance(6094), '6\u202f094\u202fm')
  assert.equal(french.distance(12_163), '12,2\u202fkm')
  assert.equal(french.duration(59.6), '1\u202fmin\u202f00\u202fs')
  assert.equal(french.duration(3725), '1\u202fh\u202f02')
})

test('a share that leaves someone out never reads one hundred per cent', () => {
  assert.equal(french.percent(0.9999), '99,9\u202f%')
  assert.equal(french.percent(1), '100\u202f%')
  assert.equal(french.percent(0.0002), '<\u202f0,1\u202f%')
  assert.equal(french.percent(null), '–')
})

test('a number typed with any space is read, anything else is not', () => {
  assert.equal(parseInteger('1\u202f186'), 1186)
  assert.equal(parseInteger('1 186'), 1186)
  assert.equal(parseInteger('douze'), null)
  assert.equal(parseInteger(''), null)
  assert.equal(parseDecimal('2,5'), 2.5)
  assert.equal(parseDecimal('5 km'), null)
})
