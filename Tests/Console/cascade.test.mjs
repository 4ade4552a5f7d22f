import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cascadeSteps, cascadeText, usualCascade } from '../../Sources/Console/Public/js/pure/cascade.js'

test('a cascade is written as the server reads it, with the steps that have a channel', () => {
  const usual = usualCascade()
  assert.equal(cascadeText(['sms', 'voice', 'email', 'fax'], usual), 'sms+email,10m,voice,10m,fax')
  assert.equal(cascadeText(['sms', 'fax'], { ...usual, minutes: 5 }), 'sms,5m,fax')
  assert.deepEqual(cascadeSteps(['voice', 'sms'], { ...usual, steps: { voice: 1, sms: 4 } }), [['voice'], ['sms']])
})

test('without a second step everything leaves at once', () => {
  assert.equal(cascadeText(['sms', 'email'], usualCascade()), null)
  assert.equal(cascadeText(['sms', 'voice'], null), null)
  assert.equal(cascadeText([], usualCascade()), null)
})
