import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quotaWords, shareSettings } from '../../Sources/Console/Public/js/pure/quotas.js'

const t = (key, values) => (key === 'means.decimalPoint' ? ',' : `${key} ${values.number}`)
const n = { integer: value => String(value) }

test('money keeps its decimals, what is counted is counted', () => {
  assert.equal(quotaWords('EUR', '300.50', t, n), '300,50 EUR')
  assert.equal(quotaWords('segments', '12000', t, n), 'means.count.segments 12000')
  assert.equal(quotaWords('email', '0', t, n), 'means.count.email 0')
})

test('of a gateway only what was changed is settled', () => {
  const held = { name: 'bulk', share: 3, ceiling: 20 }
  assert.deepEqual(shareSettings(held, '3', '20'), [])
  assert.deepEqual(shareSettings(held, '4', '20'), ['bulk=share 4'])
  assert.deepEqual(shareSettings(held, '3', ''), ['bulk=ceiling none'])
  assert.deepEqual(shareSettings({ ...held, ceiling: null }, '3', ''), [])
  assert.deepEqual(shareSettings({ ...held, ceiling: null }, '1', '5'), ['bulk=share 1', 'bulk=ceiling 5'])
})
