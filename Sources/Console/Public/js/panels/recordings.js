/** A spoken message in the place of the voice that speaks: chosen, dropped as a file, or said into the microphone. */
import { call, get } from '../core/api.js'
import { announce } from '../core/announce.js'
import { errorBox } from '../core/errors.js'
import { h, icon, render } from '../core/dom.js'
import { decodedWave, Microphone } from '../core/microphone.js'
import { store } from '../core/state.js'
import { t } from '../core/texts.js'
import { MODE } from '../core/world.js'
import { recordingOf, withRecording } from '../pure/wordings.js'
import { listening } from './listening.js'

/** What an exercise plays is kept at the real address: there is one set of recordings. */
const mayKeep = () => MODE === 'real' && Boolean(store.get().session?.capabilities?.includes('prepare'))
/** Seconds, as the server takes them. */
const LONGEST = 180

/**
 * @param {string} prefix of the fields' ids
 * @param {() => any} read the message now @param {(message:any) => void} write
 * @param {() => any} said what is listened to
 */
export function recordingChoice(prefix, read, write, said) {
  const choice = h('select', { id: `${prefix}-recording`, data: { key: `${prefix}-recording` }, on: { change: () => { write(withRecording(read(), choice.value)); draw() } } })
  const heard = h('div', {})
  const outcome = h('div', { role: 'status' })
  const name = h('input', { type: 'text', id: `${prefix}-recording-name`, maxlength: '100', autocomplete: 'off', data: { key: `${prefix}-recording-name` } })
  const file = h('input', { type: 'file', id: `${prefix}-recording-file`, accept: '.wav,.mp3,.ogg,.flac,audio/*', data: { key: `${prefix}-recording-file` } })
  const fault = words => { render(outcome, h('p', { class: 'field-error' }, words)) }
  const given = () => {
    if (name.value.trim()) return name.value.trim()
    fault(t('recording.nameDue'))
    name.focus()
    return null
  }
  let known = []
  /** @type {Microphone|null} */
  let microphone = null

  async function load() {
    try {
      known = (await get('/api/recordings')).recordings
      draw()
    } catch (error) { render(outcome, errorBox(error)) }
  }
  function draw() {
    const chosen = recordingOf(read())
    const listed = chosen && !known.some(one => one.hash === chosen) ? [...known, { hash: chosen, name: t('recording.other'), seconds: 0 }] : known
    render(choice, [h('option', { value: '' }, t('recording.none')), ...listed.map(one => h('option', { value: one.hash }, one.seconds ? t('recording.option', { name: one.name, count: Math.round(one.seconds) }) : one.name))])
    choice.value = chosen
    render(heard, chosen && listening(said(), null))
    if (chosen) fold.open = true
  }
  async function keep(sound) {
    const called = given()
    if (!called) return
    render(outcome, h('p', { class: 'muted' }, t('recording.keeping')))
    try {
      const saved = await call('POST', '/api/recordings', { body: sound, type: 'application/octet-stream', headers: { 'X-Tocsin-Recording-Name': encodeURIComponent(called) } })
      name.value = ''
      file.value = ''
      write(withRecording(read(), saved.hash))
      await load()
      render(outcome, h('p', {}, t('recording.kept', { name: saved.name, count: Math.round(saved.seconds) })))
      announce(t('recording.kept', { name: saved.name, count: Math.round(saved.seconds) }))
    } catch (error) { render(outcome, errorBox(error)) }
  }
  async function toggle() {
    if (microphone) { await microphone.stop(); return }
    if (!given()) return
    const mine = new Microphone(LONGEST)
    try {
      await mine.start()
    } catch { fault(t('recording.noMicrophone')); return }
    microphone = mine
    label()
    render(outcome, h('p', { class: 'field-warning' }, icon('voice'), t('recording.speak')))
    const sound = await mine.ended
    microphone = null
    label()
    try { await keep(await decodedWave(sound)) } catch { fault(t('recording.unheard')) }
  }
  const button = h('button', { type: 'button', class: 'button button-small', data: { key: `${prefix}-record` }, on: { click: () => { void toggle() } } })
  const label = () => { render(button, icon('voice'), t(microphone ? 'recording.stop' : 'recording.start')) }
  label()
  file.addEventListener('change', () => { const [picked] = file.files ?? []; if (picked) void keep(picked) })
  const making = h('fieldset', { class: 'bare' }, h('legend', {}, t('recording.new')),
    h('div', { class: 'field' }, h('label', { for: name.id }, t('recording.name')), name),
    h('p', {}, button), h('div', { class: 'field' }, h('label', { for: file.id }, t('recording.file')), file))
  const fold = h('details', { class: 'fold' }, h('summary', {}, t('recording.title')),
    h('div', {}, h('p', { class: 'field-hint' }, t('recording.hint')), h('div', { class: 'field' }, h('label', { for: choice.id }, t('recording.choice')), choice), heard, making, outcome))
  fold.addEventListener('toggle', () => { if (fold.open) { making.hidden = !mayKeep(); void load() } })
  draw()
  return { node: fold, draw }
}
