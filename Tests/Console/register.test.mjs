import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changedMapping, isReady, reasonKey, wholeMapping } from '../../Sources/Console/Public/js/pure/imports.js'
import { coordinates, differences, gathered, merged, moved, numberText, questionOf, scattered } from '../../Sources/Console/Public/js/pure/register.js'

test('only what narrows is asked', () => {
  assert.deepEqual(questionOf({ text: ' dup ', list: '', tag: undefined, hasOptedOut: false, staleMonths: null, channel: 'sms' }), { text: 'dup', channel: 'sms' })
})

test('a French number is shown in pairs, any other as it is', () => {
  assert.equal(numberText('+33639980001'), '06 39 98 00 01')
  assert.equal(numberText('+262692980001'), '+262692980001')
})

test('a mobile is one row with its channels, and goes back as it came', () => {
  const contacts = [
    { channel: 'sms', address: '+33639980001', isEmergency: false }, { channel: 'voice', address: '+33639980001', isEmergency: false },
    { channel: 'email', address: 'a@example.org', isEmergency: false, consent: 'refused' },
  ]
  const rows = gathered(contacts)
  assert.deepEqual(rows.map(row => row.channels), [['sms', 'voice'], ['email']])
  assert.deepEqual(scattered(rows).map(one => [one.channel, one.address, one.consent]), [['sms', '+33639980001', undefined], ['voice', '+33639980001', undefined], ['email', 'a@example.org', 'refused']])
  assert.deepEqual(scattered([{ address: ' 06 39 98 00 02 ', channels: [], isEmergency: false, consent: null }, { address: ' ', channels: [] }]), [{ address: '06 39 98 00 02', isEmergency: false }])
})

test('two hands on one card: each keeps what the other did not touch, both is a conflict', () => {
  const fields = ['name', 'tags', 'building']
  const base = { name: 'A', tags: ['x'], building: '' }
  const { result, conflicts } = merged(base, { name: 'M', tags: ['x'], building: 'B' }, { name: 'T', tags: ['x', 'y'], building: '' }, fields)
  assert.deepEqual(result, { name: 'M', tags: ['x', 'y'], building: 'B' })
  assert.deepEqual(conflicts, ['name'])
  assert.deepEqual(merged(base, { ...base, name: 'S' }, { ...base, name: 'S' }, fields).conflicts, [])
  assert.deepEqual(differences(base, { ...base, tags: ['x'] }, fields), [])
})

test('an arrow moves a point by metres, east and north', () => {
  const [longitude, latitude] = moved([2, 60], 111.32, 0)
  assert.ok(Math.abs(longitude - 2.002) < 1e-6 && latitude === 60)
  assert.ok(Math.abs(moved([2, 60], 0, 111.32)[1] - 60.001) < 1e-6)
})

test('coordinates are read as maps write them, latitude first, and the other way round in France', () => {
  assert.deepEqual(coordinates('49.8942, 2.2958'), [2.2958, 49.8942])
  assert.deepEqual(coordinates('2.2958 49.8942'), [2.2958, 49.8942])
  assert.deepEqual(coordinates('-21.11; 55.53'), [55.53, -21.11])
  assert.deepEqual(coordinates('49,8942 2,2958'), [2.2958, 49.8942])
  for (const text of ['', 'abc', '49.8', '1 2 3', '200 300']) assert.equal(coordinates(text), null, text)
})

test('columns are ready with an identifier, both coordinates or none, and nothing twice that is had once', () => {
  assert.equal(isReady(['name']), 'id')
  assert.equal(isReady(['name'], { needsId: false }), null)
  assert.equal(isReady(['id', 'longitude']), 'coordinates')
  assert.equal(isReady(['id', 'name', 'name']), 'twice')
  assert.equal(isReady(['id', 'phone', 'phone', 'ignore', 'ignore']), null)
})

test('only what was corrected is said, and remembered', () => {
  const columns = [{ name: 'N°', field: null }, { name: 'nom', field: 'name' }, { name: '', field: null }]
  assert.deepEqual(changedMapping(columns, ['id', 'name', 'ignore']), [{ column: 'N°', field: 'id' }])
})

test('the server’s usual reasons have words of their own, and others stay as they are', () => {
  assert.equal(reasonKey('the same identifier as line 2'), 'sameIdentifier')
  assert.equal(reasonKey('not a telephone number: write it as 06 12 34 56 78 or +33612345678'), 'number')
  assert.equal(reasonKey('3 fields where the header has 2: is a separator or a quote missing?'), 'fields')
  assert.equal(reasonKey('something new'), 'other')
})

test('where nothing is remembered, each named column is said, whatever was proposed', () => {
  const columns = [{ name: 'Portable perso', field: 'phone' }, { name: '', field: null }, { name: 'Classe', field: null }]
  assert.deepEqual(wholeMapping(columns, ['phone', 'ignore', 'ignore']), [{ column: 'Portable perso', field: 'phone' }, { column: 'Classe', field: 'ignore' }])
})
