/** Step 2: what is said, with the meter that counts SMS segments as the gateway will. */
import { helped } from '../core/help-mark.js'
import { post } from '../core/api.js'
import { store, updateDraft } from '../core/state.js'
import { h, icon, render } from '../core/dom.js'
import { announce } from '../core/announce.js'
import { errorBox } from '../core/errors.js'
import { t } from '../core/texts.js'
import { createLatest } from '../pure/latest.js'
import { faults, sentMessage, withText, wordingOf } from '../pure/wordings.js'
import { usedChannels } from './channels-step.js'
import { listening } from './listening.js'
import { recordingChoice } from './recordings.js'
import { templateForm } from './template-form.js'
import { testSending } from './test-sending.js'
import { wordingsEditor } from './wordings.js'

export function messageStep() {
  const subject = h('input', { type: 'text', id: 'subject', maxlength: '120', autocomplete: 'off', 'aria-describedby': 'subject-hint' })
  const text = h('textarea', { id: 'text', rows: '9', 'aria-describedby': 'text-hint' })
  const prefix = h('div', {})
  const meter = h('div', { class: 'meter-box' })
  const sync = () => {
    const { message } = store.get().draft
    if (subject.value !== message.subject) subject.value = message.subject
    if (text.value !== message.text) text.value = message.text
  }
  const write = () => updateDraft({ message: { ...store.get().draft.message, subject: subject.value, text: text.value } })
  const wordings = wordingsEditor('draft', () => store.get().draft.message, message => updateDraft({ message }))
  const said = () => { const { draft } = store.get(); return { message: sentMessage(draft.message), mode: draft.mode, kind: draft.kind } }
  const recording = recordingChoice('draft', () => store.get().draft.message, message => { updateDraft({ message }); wordings.draw() }, said)
  const template = templateForm('draft', (message, part) => { updateDraft({ message, part }); wordings.draw(); recording.draw() })
  const trial = testSending(() => usedChannels(store.get().draft))
  const carried = h('div', { id: 'carried' })
  subject.addEventListener('input', write)
  text.addEventListener('input', write)

  const latest = createLatest({
    wait: 250,
    send: (question, signal) => post('/api/message/measure', question, signal),
    onResult: answer => draw(answer, null),
    onError: error => draw(null, error),
  })

  function draw(answer, error) {
    if (error) { render(meter, errorBox(error)); return }
    if (!answer) { render(meter, h('p', { class: 'muted' }, t('message.meterEmpty'))); return }
    const over = answer.segments > answer.segmentLimit
    const size = answer.encoding === 'GSM-7' ? (answer.segments > 1 ? 153 : 160) : (answer.segments > 1 ? 67 : 70)
    render(meter,
      h('p', { class: 'meter-line' },
        h('strong', {}, t('message.segments', { count: answer.segments })), ' · ', t('message.characters', { count: answer.characters }), ' · ', t(`message.encoding.${answer.encoding}`)),
      h('div', { class: `segments-bar${over ? ' segments-over' : ''}`, 'aria-hidden': 'true' }, Array.from({ length: answer.segmentLimit }, (_, i) => {
        const filled = Math.max(0, Math.min(1, (answer.characters - i * size) / size))
        return h('span', { class: 'segment-cell' }, h('span', { class: 'segment-fill', css: { width: `${Math.round(filled * 100)}%` } }))
      })),
      over && h('p', { class: 'field-error' }, t('message.tooLong', { count: answer.segments, limit: answer.segmentLimit })),
      answer.offending.length > 0 && h('p', { class: 'field-warning' }, icon('warning'), h('span', {}, t('message.offending', { count: answer.offending.length, letters: answer.offending.map(letter => `« ${letter} »`).join(' ') }))),
      answer.plainer && h('p', {}, h('button', { type: 'button', class: 'button button-small', data: { key: 'plainer' }, on: { click: () => { text.value = answer.plainer.text; write(); text.focus() } } }, t('message.plainer', { count: answer.plainer.segments, now: answer.segments }))),
      h('div', { class: 'as-sent' }, h('h3', {}, t('message.asSent')), h('p', { class: 'sms', lang: 'fr' }, answer.text)))
    announce(t('message.spoken', { segments: answer.segments, characters: answer.characters }))
  }
  const texts = createLatest({
    wait: 400,
    send: (question, signal) => post('/api/message/texts', question, signal),
    onResult: answer => drawTexts(answer.texts),
    onError: error => render(carried, errorBox(error)),
  })

  /** What each channel carries, wording by wording; SMS with what costs them a part, and its replacement. */
  function drawTexts(all) {
    const plain = one => () => {
      const { message } = store.get().draft
      updateDraft({ message: withText(message, wordingOf(message, one.channel, one.language), one.sms.plainer.text) })
      wordings.draw()
    }
    render(carried, all.map(one => h('article', { class: 'text-card', data: { channel: one.channel, language: one.language ?? '' } },
      h('header', {}, icon(one.channel), h('h4', {}, t(`channel.${one.channel}`)), one.language && h('span', { class: 'tag' }, one.language), one.sms && h('span', { class: 'text-count' }, t('message.segments', { count: one.sms.segments }))),
      (one.channel === 'email' || one.channel === 'fax') && h('p', { class: 'text-subject' }, h('span', { class: 'muted' }, `${t('message.subject')} : `), one.subject),
      h('p', { class: 'text-body', lang: one.language ?? 'fr' }, one.text),
      one.recording && h('p', { class: 'recorded' }, icon('voice'), t('recording.played')),
      one.channel === 'voice' && listening(said(), one.language),
      one.sms && one.sms.offending.length > 0 && h('p', { class: 'field-warning' }, icon('warning'), h('span', {}, t('message.offending', { count: one.sms.offending.length, letters: one.sms.offending.map(letter => `« ${letter} »`).join(' ') }))),
      one.sms?.plainer && one.language && h('p', {}, h('button', { type: 'button', class: 'button button-small', data: { key: `plainer-${one.language}` }, on: { click: plain(one) } }, t('message.plainer', { count: one.sms.plainer.segments, now: one.sms.segments }))))))
  }

  store.watch(state => [state.draft.message, state.draft.mode, state.draft.channels, state.step], ([message, mode, , step]) => {
    if (step !== 'message') return
    if (message.text.trim() === '' || faults(message).some(Boolean)) { texts.cancel(); render(carried, h('p', { class: 'muted' }, t('message.meterEmpty'))) } else texts.ask({ message: sentMessage(message), mode, channels: usedChannels(store.get().draft) })
  })
  store.watch(state => [state.step === 'message', state.draft.channels, state.draft.mode, state.config], ([here]) => { if (here) void trial.look() })
  // A draft that was restored, or made from a campaign, comes with its wordings.
  store.watch(state => [state.draft.requestKey, state.taken], (_, { draft }) => { wordings.draw(); recording.draw(); template.choose(draft.part ?? 'message') }, { now: false })
  store.watch(state => [state.draft.message, state.draft.mode], ([message, mode]) => {
    sync()
    render(prefix, mode === 'exercise' ? h('p', { class: 'prefix' }, h('strong', { class: 'prefix-word' }, 'EXERCICE'), ' ', t('message.prefixed')) : h('p', { class: 'prefix prefix-real' }, h('strong', {}, t('mode.real.word')), ' ', t('message.notPrefixed')))
    if (message.text.trim() === '') { latest.cancel(); draw(null, null) } else latest.ask({ subject: message.subject, text: message.text, mode })
  })
  return h('div', { id: 'panel-message' },
    helped(h('h3', {}, t('step.message')), 'panel.message'),
    h('div', { class: 'block' }, template.node),
    h('div', { class: 'block' },
      h('div', { class: 'field' }, h('label', { for: 'subject' }, t('message.subject')), subject, h('p', { class: 'field-hint', id: 'subject-hint' }, t('message.subjectHint'))),
      h('div', { class: 'field' }, h('label', { for: 'text' }, t('message.text')), prefix, text, h('p', { class: 'field-hint', id: 'text-hint' }, t('message.textHint'))),
      h('section', { 'aria-label': t('message.meter') }, meter)),
    h('div', { class: 'block' }, recording.node),
    h('div', { class: 'block' }, wordings.node),
    h('details', { class: 'fold' }, h('summary', {}, t('message.carried')), carried),
    trial.node)
}
