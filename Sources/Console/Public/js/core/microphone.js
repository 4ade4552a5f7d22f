/** What the workstation's microphone hears. */
import { waveFile } from '../pure/wave-file.js'

/** As telephones sample; the browser converts. */
const RATE = 16_000

export class Microphone {
  /** @param {number} longest seconds */
  constructor(longest) {
    this.longest = longest
    /** @type {Promise<Blob>} what was heard, in the browser's own form, once it has stopped */
    this.ended = new Promise(resolve => { this.resolve = resolve })
  }

  /** @throws where there is no microphone, or nobody allowed it */
  async start() {
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true, autoGainControl: true } })
    const pieces = []
    const recorder = this.recorder = new MediaRecorder(this.stream)
    recorder.addEventListener('dataavailable', event => { pieces.push(event.data) })
    recorder.addEventListener('stop', () => {
      clearTimeout(this.limit)
      // The browser shows that it listens for as long as a track lives.
      for (const track of this.stream.getTracks()) track.stop()
      this.resolve(new Blob(pieces, { type: recorder.mimeType }))
    })
    recorder.start()
    this.limit = setTimeout(() => { void this.stop() }, this.longest * 1000)
  }

  async stop() { if (this.recorder.state !== 'inactive') this.recorder.stop() }
}

/** @param {Blob} sound in any form that the browser reads @returns {Promise<Blob>} as a WAV file */
export async function decodedWave(sound) {
  const context = new OfflineAudioContext(1, 1, RATE)
  const heard = await context.decodeAudioData(await sound.arrayBuffer())
  return new Blob([waveFile(heard.getChannelData(0), heard.sampleRate)], { type: 'audio/wav' })
}
