import assert from 'node:assert/strict'
import { test } from 'node:test'
import { estimateGroups, expectedShare } from '../../Sources/Console/Public/js/pure/estimate.js'
import { createNumbers } from '../../Sources/Console/Public/js/pure/numbers.js'
import { missing } from '../../Sources/Console/Public/js/pure/steps.js'
import { faults, recordingOf, sentMessage, trimmed, unmarked, withRecording, withText, wordingOf } from '../../Sources/Console/Public/js/pure/wordings.js'

const message = {
  subject: 'Crue', text: 'Montez.', variants: [
    { language: 'pt', channel: '', subject: '', text: 'Suba.' }, { language: 'pt-BR', channel: '', subject: '', text: 'Sobe.' },
    { language: '', channel: 'sms', subject: '', text: 'Court.' }, { language: 'pt', channel: 'sms', subject: '', text: 'Curto.' }],
}

test('the wording shown is the one the server would choose: language first, then channel', () => {
  assert.equal(wordingOf(message, 'email', null), -1)
  assert.equal(wordingOf(message, 'email', 'de'), -1)
  assert.equal(wordingOf(message, 'sms', 'de'), 2)
  assert.equal(wordingOf(message, 'email', 'PT'), 0)
  assert.equal(wordingOf(message, 'email', 'pt-br'), 1)
  assert.equal(wordingOf(message, 'sms', 'pt'), 3)
  // A longer language outweighs a channel's form.
  assert.equal(wordingOf(message, 'sms', 'pt-BR'), 1)
  assert.equal(wordingOf({ subject: '', text: 'x' }, 'sms', 'en'), -1)
})

test('a wording half written is told, and stops the message step', () => {
  assert.deepEqual(faults(message), [null, null, null, null])
  const half = { subject: 'a', text: 'b', variants: [{ text: 'x' }, { language: 'anglais !', text: 'x' }, { language: 'en', text: ' ' }, { language: 'EN ', text: 'x' }, { language: 'en', channel: '', text: 'y' }] }
  assert.deepEqual(faults(half), ['wording_use', 'wording_language', 'wording_text', null, 'wording_twice'])
  const draft = { items: [{ role: 'alert' }], message: half, channels: ['sms'] }
  assert.deepEqual(missing(draft, { status: 'ok', value: { recipients: 1 } }).message, ['wording'])
})

test('what is empty is not sent, and a replacement changes one wording alone', () => {
  assert.deepEqual(trimmed({ language: ' EN', channel: '', subject: ' ', text: 'x' }), { language: 'en', text: 'x' })
  assert.deepEqual(sentMessage({ subject: 'a', text: 'b', variants: [] }), { subject: 'a', text: 'b' })
  assert.equal(withText(message, -1, 'y').text, 'y')
  const changed = withText(message, 2, 'y')
  assert.deepEqual(changed.variants.map(variant => variant.text), ['Suba.', 'Sobe.', 'y', 'Curto.'])
  assert.equal(message.variants[2].text, 'Court.')
})

test('a message is amended as it was written, not as an exercise marked it', () => {
  const sent = { subject: 'EXERCICE - Crue', text: 'EXERCICE - Montez.', variants: [{ language: 'en', text: 'EXERCICE - Go up.' }] }
  assert.deepEqual(unmarked(sent), { subject: 'Crue', text: 'Montez.', variants: [{ language: 'en', text: 'Go up.' }] })
  assert.equal(unmarked({ subject: 'EXERCICE', text: 'EXERCICE général' }).text, 'EXERCICE général')
})

const figure = (channel, quantity, estimated, more = {}) => ({ ...(channel ? { channel } : {}), quantity, ...(estimated === null ? {} : { estimated }), ...more })
const estimate = {
  figures: [figure(null, 'messages', '300'), figure(null, 'seconds_50', '10.0'), figure(null, 'seconds_90', '30.0'), figure(null, 'seconds_100', '40.0'),
    figure('sms', 'messages', '200'), figure('sms', 'cost', '9.1', { currency: 'EUR', least: '8', most: '10', measured: '9', errorPercent: 1.1 }), figure('email', 'cost', null)],
  channels: [{ channel: 'sms', pace: 'contract', furtherAttempts: 4 }], beside: 0, isMeasured: true,
}

test('an estimate is read channel by channel, the whole first, and unknown stays unknown', () => {
  const groups = estimateGroups(estimate)
  assert.deepEqual(groups.map(group => group.channel), [null, 'sms', 'email'])
  assert.deepEqual(groups[1].lines.map(line => line.quantity), ['messages', 'cost'])
  assert.deepEqual(groups[1].lines[1], { quantity: 'cost', currency: 'EUR', estimated: '9.1', least: '8', most: '10', measured: '9', errorPercent: 1.1 })
  assert.equal(groups[1].pace, 'contract')
  assert.equal(groups[2].lines[0].estimated, null)
  assert.deepEqual(estimateGroups({ figures: [figure(null, 'messages', '1'), figure('sms', 'messages', '1')] }).map(group => group.channel), ['sms'])
  assert.deepEqual(estimateGroups(null), [])
})

test('what should have left by now follows the estimate’s three points', () => {
  assert.equal(expectedShare(estimate, 0), 0)
  assert.equal(expectedShare(estimate, 5), 0.25)
  assert.equal(expectedShare(estimate, 20), 0.7)
  assert.equal(expectedShare(estimate, 60), 1)
  assert.equal(expectedShare({ figures: [figure('sms', 'messages', '1')] }, 5), null)
  const burst = { figures: [figure('sms', 'seconds_50', '0.0'), figure('sms', 'seconds_90', '0.0'), figure('sms', 'seconds_100', '8.0')] }
  assert.ok(Math.abs(expectedShare(burst, 4) - 0.95) < 1e-9)
})

test('money keeps the tenths of a cent that a tariff has', () => {
  const french = createNumbers('fr-FR')
  assert.equal(french.money('1234.5', 'EUR').replace(/\s/g, ' '), '1 234,50 €')
  assert.equal(french.money('0.0455', 'EUR').replace(/\s/g, ' '), '0,0455 €')
  assert.equal(french.money(null, 'EUR'), '–')
})

test('a recording is a wording for voice, which goes with it where it was there for nothing else', () => {
  const hash = 'a'.repeat(64)
  const recorded = withRecording(message, hash)
  assert.equal(recordingOf(recorded), hash)
  assert.deepEqual(sentMessage(recorded).variants.at(-1), { channel: 'voice', text: 'Montez.', recording: hash })
  assert.deepEqual(withRecording(recorded, ''), message)
  assert.equal(withRecording(message, ''), message)
  const spoken = { ...message, variants: [{ language: '', channel: 'voice', subject: '', text: 'Montez vite.' }] }
  assert.deepEqual(withRecording(withRecording(spoken, hash), ''), spoken)
  assert.equal(recordingOf(unmarked(recorded)), hash)
  // Of another channel it says nothing.
  assert.equal(trimmed({ channel: 'sms', text: 'x', recording: hash }).recording, undefined)
})
