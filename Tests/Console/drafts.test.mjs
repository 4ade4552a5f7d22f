import assert from 'node:assert/strict'
import { test } from 'node:test'
import { completed, documentOf, isUntouched, merge, nameOf, putBack, same } from '../../Sources/Console/Public/js/pure/drafts.js'

const circle = (id, metres, role = 'alert') => ({ id, kind: 'circle', role, name: `Cercle ${id}`, longitude: 2, latitude: 49, metres })
const draft = patch => ({ items: [circle('a', 100)], margin: 0, message: { subject: 'Crue', text: 'Partez', variants: [] }, channels: ['sms'], ...patch })

test('what belongs to the page is not kept', () => {
  assert.deepEqual(documentOf({ ...draft(), requestKey: 'k', mode: 'real', part: undefined }), draft())
})

test('numbers of items do not make a draft touched, what they are does', () => {
  assert.ok(isUntouched(draft(), draft({ items: [{ ...circle('a', 100), id: 'z' }] })))
  assert.ok(!isUntouched(draft(), draft({ items: [circle('a', 101)] })))
  assert.ok(same({ a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1 }))
})

test('a draft is called by its subject and what it alerts, within the server’s bound', () => {
  assert.equal(nameOf(draft({ items: [circle('a', 1), circle('b', 1, 'exclude')] })), 'Crue – Cercle a')
  assert.equal(nameOf(draft({ items: [], message: { subject: ' ', text: '' } })), '')
  assert.equal([...nameOf(draft({ message: { subject: '🌊'.repeat(300), text: '' } }))].length, 120)
})

test('changes of different parts come together, and both are told nothing was lost', () => {
  const base = draft()
  const mine = draft({ items: [circle('a', 100), circle('b', 5)], message: { ...base.message, text: 'Partez vite' } })
  const theirs = draft({ items: [circle('a', 200)], message: { ...base.message, subject: 'Crue de la Somme' }, margin: 50 })
  const { document, refused, changed } = merge(base, mine, theirs)
  assert.deepEqual(document.items, [circle('a', 200), circle('b', 5)])
  assert.deepEqual(document.message, { subject: 'Crue de la Somme', text: 'Partez vite', variants: [] })
  assert.equal(document.margin, 50)
  assert.deepEqual(refused, [])
  assert.deepEqual(changed.sort(), ['items', 'margin', 'message'])
})

test('who was first is kept, and the other is told which part', () => {
  const base = draft()
  const { document, refused, items } = merge(base, draft({ items: [circle('a', 300)], margin: 10 }), draft({ items: [circle('a', 200)], margin: 20 }))
  assert.deepEqual(document.items, [circle('a', 200)])
  assert.equal(document.margin, 20)
  assert.deepEqual(refused, ['margin', 'items'])
  assert.deepEqual(items, [{ id: 'a', name: 'Cercle a' }])
})

test('what one takes away is away, unless the other changed it: that is said', () => {
  const base = draft({ items: [circle('a', 100), circle('b', 5)] })
  const kept = merge(base, draft({ items: [circle('a', 100), circle('b', 5)] }), draft({ items: [circle('b', 5)] }))
  assert.deepEqual(kept.document.items, [circle('b', 5)])
  assert.deepEqual(kept.refused, [])
  const clash = merge(base, draft({ items: [circle('a', 1), circle('b', 5)] }), draft({ items: [circle('b', 5)] }))
  assert.deepEqual(clash.document.items, [circle('b', 5)])
  assert.deepEqual(clash.items, [{ id: 'a', name: 'Cercle a' }])
  const mine = merge(base, draft({ items: [circle('a', 100)] }), draft({ items: [circle('a', 7), circle('b', 5)] }))
  assert.deepEqual(mine.document.items, [circle('a', 7)])
})

test('merging is the same whole whoever started it, where nothing clashes', () => {
  const base = draft(), left = draft({ margin: 5 }), right = draft({ channels: ['sms', 'email'] })
  assert.ok(same(merge(base, left, right).document, merge(base, right, left).document))
})

test('a document from elsewhere is completed, without the key and the mode that somebody wrote into it', () => {
  const empty = { ...draft({ items: [], message: { subject: '', text: '', variants: [] } }), requestKey: 'k', mode: 'real' }
  assert.deepEqual(completed(null, empty), documentOf(empty))
  const whole = completed({ items: [circle('a', 1)], message: { subject: 'a', variants: 'no' }, requestKey: 'theirs', mode: 'exercise' }, empty)
  assert.deepEqual(whole.items, [circle('a', 1)])
  assert.deepEqual(whole.message, { subject: 'a', text: '', variants: [] })
  assert.ok(!('requestKey' in whole) && !('mode' in whole))
})

test('what was refused is put back, and nothing that somebody added is taken away', () => {
  const mine = draft({ items: [circle('a', 300)], margin: 10, message: { subject: 'B', text: 'Partez', variants: [] } })
  const now = draft({ items: [circle('a', 200), circle('n', 7)], margin: 20, message: { subject: 'A', text: 'Autre', variants: [] } })
  const back = putBack(now, mine, ['items', 'message.subject'], ['a'])
  assert.deepEqual(back.items, [circle('n', 7), circle('a', 300)])
  assert.deepEqual([back.message.subject, back.message.text, back.margin], ['B', 'Autre', 20])
})

test('without a common base the parts of both stay', () => {
  const { document, refused } = merge({}, draft({ items: [circle('a', 1)] }), draft({ items: [circle('b', 2)], margin: 5 }))
  assert.deepEqual(document.items.map(item => item.id).sort(), ['a', 'b'])
  assert.deepEqual(refused, ['margin'])
})

test('a part of the zone that the page does not know is not dropped: the draft is not opened', () => {
  assert.throws(() => completed({ items: [{ id: 'x', kind: 'hexagon', role: 'alert' }] }, draft()), RangeError)
})
