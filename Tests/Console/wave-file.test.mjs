import assert from 'node:assert/strict'
import test from 'node:test'
import { waveFile } from '../../Sources/Console/Public/js/pure/wave-file.js'

test('a sound is written as any program reads it', () => {
  const view = new DataView(waveFile(Float32Array.of(0, 0.5, -1, 2), 48_000).buffer)
  const word = at => String.fromCharCode(...[0, 1, 2, 3].map(i => view.getUint8(at + i)))
  assert.deepEqual([word(0), word(8), word(12), word(36)], ['RIFF', 'WAVE', 'fmt ', 'data'])
  assert.deepEqual([view.getUint32(4, true), view.getUint32(40, true), view.byteLength], [44, 8, 52])
  assert.deepEqual([view.getUint32(24, true), view.getUint32(28, true), view.getUint16(22, true), view.getUint16(34, true)], [48_000, 96_000, 1, 16])
  assert.deepEqual([0, 1, 2, 3].map(i => view.getInt16(44 + i * 2, true)), [0, 16_384, -32_767, 32_767])
})
