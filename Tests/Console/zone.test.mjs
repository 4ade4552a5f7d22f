import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freeName, itemsOf, outlinesWanted, shapeOf, tidyRing, widenedGroundOf, withHole, zoneOf } from '../../Sources/Console/Public/js/pure/zone.js'

const square = [[2, 49], [3, 49], [3, 50], [2, 50], [2, 49]]
const polygon = { id: 'a', kind: 'polygon', role: 'alert', name: 'Polygone 1', geometry: { type: 'Polygon', coordinates: [square] } }
const circle = { id: 'b', kind: 'circle', role: 'alert', name: 'Cercle 1', longitude: 2.3, latitude: 49.9, metres: 5000 }
const commune = (id, code, role = 'alert') => ({ id, kind: 'communes', role, name: code, codes: [code] })

test('nothing to alert is no zone, even when something is excluded', () => {
  assert.equal(zoneOf([]), null)
  assert.equal(zoneOf([{ ...polygon, role: 'exclude' }]), null)
})

test('items to alert are united, communes gathered in one set', () => {
  assert.deepEqual(zoneOf([circle]), { type: 'circle', longitude: 2.3, latitude: 49.9, metres: 5000 })
  assert.deepEqual(zoneOf([circle, commune('c', '80021'), commune('d', '80001')]), {
    type: 'union', zones: [{ type: 'circle', longitude: 2.3, latitude: 49.9, metres: 5000 }, { type: 'communes', codes: ['80021', '80001'] }],
  })
})

test('what is excluded is subtracted', () => {
  const zone = zoneOf([polygon, commune('c', '80021', 'exclude')])
  assert.equal(zone.type, 'difference')
  assert.equal(zone.zone.type, 'perimeter')
  assert.deepEqual(zone.except, { type: 'communes', codes: ['80021'] })
})

test('a zone document gives its items back with their roles', () => {
  const items = itemsOf(zoneOf([polygon, circle, commune('c', '80021', 'exclude')]))
  assert.deepEqual(items.map(item => [item.kind, item.role]), [['polygon', 'alert'], ['circle', 'alert'], ['communes', 'exclude']])
  assert.equal(new Set(items.map(item => item.id)).size, 3)
})

test('a ring wholly inside a polygon becomes a hole, one that sticks out does not', () => {
  const hole = [[2.4, 49.4], [2.6, 49.4], [2.5, 49.6], [2.4, 49.4]]
  const [cut] = withHole([polygon], hole)
  assert.deepEqual(shapeOf(cut), { parts: 1, holes: 1, vertices: 7 })
  assert.equal(polygon.geometry.coordinates.length, 1, 'the item before the cut is untouched')
  assert.equal(withHole([polygon], hole.map(([x, y]) => [x + 1, y])), null)
  assert.equal(withHole([cut], [[2.48, 49.45], [2.52, 49.45], [2.5, 49.5], [2.48, 49.45]]), null, 'no hole in a hole')
  assert.equal(withHole([{ ...polygon, role: 'exclude' }], hole), null)
})

test('a tidied ring is closed on its first point and has no repeated corner', () => {
  assert.deepEqual(tidyRing([[2, 49], [3, 49], [3, 49], [3, 50.123456789], [2, 49]]), [[2, 49], [3, 49], [3, 50.1234568], [2, 49]])
})

test('a free name skips those taken', () => {
  assert.equal(freeName([polygon], n => `Polygone ${n}`), 'Polygone 2')
})

test('codes of another year travel apart from today’s, and come back with their year', () => {
  const old = id => ({ ...commune(id, '80295'), vintage: 2016 })
  const zone = zoneOf([commune('1', '80021'), old('2'), commune('3', '80001')])
  assert.deepEqual(zone, { type: 'union', zones: [{ type: 'communes', codes: ['80021', '80001'] }, { type: 'communes', codes: ['80295'], vintage: 2016 }] })
  assert.deepEqual(itemsOf(zone).map(item => item.vintage), [undefined, 2016])
})

test('what limits the zone is intersected, and neither it nor what is excluded has the margin', () => {
  const within = { id: 'w', kind: 'epci', role: 'within', name: 'CA', siren: '248000531' }
  const tag = { id: 't', kind: 'tag', role: 'alert', name: 'fragile', tag: 'fragile' }
  const past = { id: 'p', kind: 'campaign', role: 'exclude', name: 'Campagne', campaign: 7, outcome: 'acknowledged' }
  const zone = zoneOf([circle, tag, within, past], { margin: 200, certainOnly: true })
  assert.deepEqual(zone, {
    type: 'difference', precision: 'certain',
    zone: { type: 'intersection', zones: [
      { type: 'union', margin: 200, zones: [{ type: 'circle', longitude: 2.3, latitude: 49.9, metres: 5000 }, { type: 'tag', name: 'fragile' }] },
      { type: 'epci', siren: '248000531' }] },
    except: { type: 'campaign', campaign: 7, outcome: 'acknowledged' },
  })
})

test('a margin around nothing but lists is none', () => {
  assert.deepEqual(zoneOf([{ id: 'l', kind: 'list', role: 'alert', name: 'Mairies' }], { margin: 200 }), { type: 'list', name: 'Mairies' })
  assert.equal(widenedGroundOf([{ id: 'l', kind: 'list', role: 'alert', name: 'Mairies' }], { margin: 200 }), null)
})

test('the ground of a margin is drawn of the places alone', () => {
  const list = { id: 'l', kind: 'list', role: 'alert', name: 'Mairies' }
  assert.equal(widenedGroundOf([circle, list]), null)
  assert.deepEqual(widenedGroundOf([circle, list, { ...polygon, role: 'exclude' }], { margin: 50 }), { type: 'circle', longitude: 2.3, latitude: 49.9, metres: 5000, margin: 50 })
})

test('a campaign’s zone as the server keeps it, margins on its parts, gives its items back', () => {
  const items = itemsOf({ type: 'intersection', version: 1, zones: [
    { type: 'union', zones: [{ type: 'circle', longitude: 2.3, latitude: 49.9, metres: 5000, margin: 200 }, { type: 'tag', name: 'fragile' }] },
    { type: 'difference', zone: { type: 'epci', siren: '248000531' }, except: { type: 'campaign', campaign: 7, outcome: 'acknowledged' } }] })
  assert.deepEqual(items.map(item => [item.kind, item.role, item.margin]), [['circle', 'alert', 200], ['tag', 'alert', undefined], ['epci', 'within', undefined], ['campaign', 'exclude', undefined]])
  assert.deepEqual(widenedGroundOf(items), { type: 'circle', longitude: 2.3, latitude: 49.9, metres: 5000, margin: 200 })
})

test('only what no tile of today draws is asked for', () => {
  const items = [commune('1', '80021'), { ...commune('2', '80532') }, { ...commune('3', '80295'), vintage: 2016 }]
  assert.deepEqual(outlinesWanted(items, new Set(['80532', '80295'])).map(one => one.zone), [{ type: 'communes', codes: ['80532'] }, { type: 'communes', codes: ['80295'], vintage: 2016 }])
  assert.deepEqual(outlinesWanted(items, null).map(one => one.id), ['3'])
})
