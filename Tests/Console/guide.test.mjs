import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GUIDE_STEPS, looked, newGuide, nextOfAllClear, noted, partOf, reading, restoredGuide, stepSeconds, stepsText } from '../../Sources/Console/Public/js/pure/guide.js'

const commune = { id: 'c', kind: 'communes', role: 'alert', codes: ['80001'] }
const polygon = { id: 'p', kind: 'polygon', role: 'alert' }
const state = patch => ({ route: { name: 'draft', id: null }, step: 'zone', sketch: null, reportOpen: false, followed: null, review: { status: 'idle' }, counts: { status: 'empty', value: null }, ...patch,
  draft: { items: [], message: { subject: '', text: '', variants: [] }, channels: ['sms'], ...patch?.draft } })
const campaign = (id, more = {}) => ({ id, live: 'live', campaign: { mode: 'exercise', createdBy: 'admin', startedAt: '2030-01-01T10:00:00Z', state: 'running', zone: { type: 'communes', codes: ['80001'] }, progress: { pending: 1 }, ...more } })
const began = Date.parse('2030-01-01T09:00:00Z')
const fresh = () => newGuide(began)

test('the zone is done once something is drawn and the commune is no more alerted whole', () => {
  assert.deepEqual(reading('commune', state(), fresh()), { done: false, problem: null })
  assert.equal(reading('commune', state({ draft: { items: [polygon] } }), fresh()).problem, 'no_commune')
  assert.equal(reading('commune', state({ draft: { items: [commune] } }), fresh()).done, true)
  assert.equal(reading('zone', state({ draft: { items: [commune] } }), fresh()).done, false)
  assert.equal(reading('zone', state({ draft: { items: [commune, polygon] } }), fresh()).problem, 'whole_commune')
  assert.equal(reading('zone', state({ draft: { items: [{ ...commune, role: 'within' }, polygon] } }), fresh()).done, true)
  assert.equal(reading('zone', state({ sketch: { points: 2, canFinish: false } }), fresh()).problem, 'sketch')
})

test('the number of the possible must be read, not guessed from another figure', () => {
  const counted = state({ draft: { items: [polygon] }, counts: { status: 'ok', value: { recipients: 30, certain: 25, possible: 5 } } })
  const typed = possible => reading('count', counted, { ...fresh(), possible })
  assert.equal(typed(null).done, false)
  assert.deepEqual([25, 30, 4].map(one => typed(one).problem), ['typed_certain', 'typed_all', 'typed_other'])
  assert.deepEqual(typed(5), { done: true, problem: null })
  assert.equal(reading('count', { ...counted, counts: { status: 'pending', value: counted.counts.value } }, { ...fresh(), possible: 5 }).done, false, 'an old figure')
  assert.equal(reading('count', state({ counts: { status: 'ok', value: { recipients: 0, certain: 0, possible: 0 } } }), { ...fresh(), possible: 0 }).problem, 'nobody')
})

test('the guide goes on where the console went on, and only there', () => {
  const items = [polygon, { ...commune, role: 'within' }]
  const counts = { status: 'ok', value: { recipients: 30, certain: 25, possible: 5 } }
  let guide = looked(fresh(), state({ draft: { items }, counts }), 'admin', began + 1000)
  assert.equal(guide.step, 0, 'still beside the zone: the operator says when to go on')
  guide = looked({ ...guide, step: 2, possible: 5 }, state({ draft: { items }, counts, step: 'message' }), 'admin', began + 5000)
  assert.equal(GUIDE_STEPS[guide.step], 'message')
  const text = { subject: 'Crue', text: 'Montez.', variants: [] }
  assert.equal(reading('message', state({ step: 'message', draft: { items, message: text }, counts }), guide).problem, 'short')
  guide = looked(guide, state({ step: 'channels', draft: { items, message: { ...text, text: 'La rivière déborde : montez.' } }, counts }), 'admin', began + 9000)
  assert.equal(GUIDE_STEPS[guide.step], 'channels')
  assert.deepEqual(stepSeconds(guide).slice(0, 4).map(one => one.seconds), [1, null, 4, 4])
})

test('only what this operator launched since the beginning is this exercise', () => {
  const follow = (followed, guide = fresh()) => noted(guide, state({ route: { name: 'campaign', id: String(followed.id) }, followed }), 'admin')
  assert.equal(follow(campaign('7')).campaign, '7')
  assert.equal(follow(campaign('7', { createdBy: 'irene' })).campaign, null)
  assert.equal(follow(campaign('7', { startedAt: '2029-12-31T10:00:00Z' })).campaign, null)
  assert.equal(follow(campaign('7', { mode: 'real' })).campaign, null)
  const one = { ...fresh(), campaign: '7', part: 'allClear' }
  assert.equal(follow(campaign('8'), one).allClear, null, 'another campaign is no all-clear')
  assert.equal(follow(campaign('8', { zone: { type: 'union', zones: [{ type: 'campaign', campaign: 7, outcome: 'reached' }] } }), one).allClear, '8')
})

test('a reload finds the step again, and nothing else', () => {
  const guide = { ...fresh(), step: 4, times: { commune: 1 } }
  assert.deepEqual(restoredGuide(JSON.parse(JSON.stringify(guide))), guide)
  for (const bad of [null, {}, { step: -1, startedAt: 1, times: {} }, { step: 99, startedAt: 1, times: {} }, { step: 1, startedAt: 'x', times: {} }]) assert.equal(restoredGuide(bad), null)
})

test('a correction of the exercise is not its all-clear, whoever it goes to', () => {
  const items = [{ id: 'i', kind: 'campaign', role: 'alert', campaign: 7, outcome: 'reached' }]
  const begun = { ...fresh(), step: GUIDE_STEPS.indexOf('allClear'), campaign: '7' }
  const to = { zone: { type: 'campaign', campaign: 7, outcome: 'reached' } }
  const launched = (guide, id) => looked(guide, state({ route: { name: 'campaign', id }, followed: campaign(id, to) }), 'admin', began + 9000)
  const corrected = looked(begun, state({ step: 'message', draft: { items, part: 'correction' } }), 'admin', began + 1000)
  assert.equal(partOf(state({ draft: { items, part: 'correction' } }), begun), 'correction')
  assert.equal(launched(corrected, '8').allClear, null)
  // The draft is empty once it was launched.
  const cleared = looked(looked(launched(corrected, '8'), state({ step: 'message', draft: { items, part: 'allClear' } }), 'admin', began + 2000), state(), 'admin', began + 3000)
  assert.equal(launched(cleared, '9').allClear, '9')
  assert.equal(partOf(state({ draft: { items: [{ ...items[0], campaign: 6 }], part: 'allClear' } }), begun), null, 'of another campaign')
})

test('the all-clear that is being written leads to what it still lacks', () => {
  const items = [{ id: 'i', kind: 'campaign', role: 'alert', campaign: 7, outcome: 'reached' }]
  const counts = { status: 'ok', value: { recipients: 3, certain: 3, possible: 0 } }
  const at = (text, review, channels = ['sms']) => nextOfAllClear(state({ counts, review: { status: review }, draft: { items, channels, part: 'allClear', message: { subject: 'Fin', text, variants: [] } } }))
  assert.deepEqual([at('', 'idle'), at('Tout va bien.', 'idle', []), at('Tout va bien.', 'idle'), at('Tout va bien.', 'ok')], ['message', 'channels', 'review', 'launch'])
})

test('the certificate is told each step once, with its seconds where they were seen', () => {
  const text = stepsText({ ...fresh(), times: { commune: began + 12_000, count: began + 20_000 } })
  assert.ok(text.startsWith('commune:12,zone:,count:8,message:,'))
  assert.equal(text.split(',').length, GUIDE_STEPS.length)
})
