/** A sound as a WAV file, which the server reads: one channel, 16 bits a sample. */

const HEADER = 44

/**
 * @param {Float32Array} samples between -1 and 1; what is louder is cut
 * @param {number} rate samples a second
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function waveFile(samples, rate) {
  const bytes = new Uint8Array(HEADER + samples.length * 2)
  const view = new DataView(bytes.buffer)
  const word = (at, text) => { for (let i = 0; i < text.length; i += 1) bytes[at + i] = text.charCodeAt(i) }
  word(0, 'RIFF')
  view.setUint32(4, bytes.length - 8, true)
  word(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, rate, true)
  view.setUint32(28, rate * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  word(36, 'data')
  view.setUint32(40, samples.length * 2, true)
  samples.forEach((sample, index) => view.setInt16(HEADER + index * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32767), true))
  return bytes
}
