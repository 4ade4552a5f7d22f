/** “Send me a test”: the message as it is, to the organisation's own few addresses. */
import { get, post } from '../core/api.js'
import { store } from '../core/state.js'
import { errorBox } from '../core/errors.js'
import { h, icon, render } from '../core/dom.js'
import { announce } from '../core/announce.js'
import { t } from '../core/texts.js'
import { faults, sentMessage } from '../pure/wordings.js'

/** A gateway's answer in words: `accepted`, `failed: network`… @param {string} answer */
function said(answer) {
  const [word, cause] = answer.split(': ')
  return cause ? t('test.answer.failed', { cause: t(`cause.${cause}`) }) : t(`test.answer.${word}`)
}

/** @param {() => string[]} channels those that are used now */
export function testSending(channels) {
  const places = h('p', { class: 'field-hint', id: 'test-places' })
  const outcome = h('div', { 'aria-live': 'polite' })
  let busy = false

  async function look() {
    try {
      const found = (await get('/api/message/test')).places.filter(place => channels().includes(place.channel))
      places.textContent = found.length === 0 ? t('test.none') : t('test.places', { count: found.length, places: found.map(place => `${place.label} (${t(`channel.${place.channel}`)})`).join(', ') })
    } catch (error) { render(outcome, errorBox(error)) }
  }
  async function send() {
    if (busy) return
    const { draft } = store.get()
    if (draft.message.text.trim() === '' || faults(draft.message).some(Boolean)) { render(outcome, h('p', { class: 'field-error', role: 'alert' }, t(draft.message.text.trim() === '' ? 'lack.no_text' : 'lack.wording'))); return }
    busy = true
    button.setAttribute('aria-disabled', 'true')
    render(outcome, h('p', { class: 'muted' }, t('test.sending')))
    try {
      const { answers } = await post('/api/message/test', { message: sentMessage(draft.message), mode: draft.mode, channels: channels() })
      render(outcome, h('ul', { class: 'plain test-answers' }, answers.map(one => h('li', { class: one.failed ? 'field-error' : '' }, icon(one.failed ? 'warning' : 'check'), h('span', {}, `${one.label} · ${t(`channel.${one.channel}`)} · ${one.gateway} : ${said(one.answer)}${one.detail ? ` (${one.detail})` : ''}`)))))
      announce(t('test.done', { count: answers.length }))
    } catch (error) { render(outcome, errorBox(error)) }
    busy = false
    button.removeAttribute('aria-disabled')
  }
  const button = h('button', { type: 'button', class: 'button', data: { key: 'send-test' }, 'aria-describedby': 'test-places', on: { click: () => { void send() } } }, t('test.send'))
  return { node: h('section', { class: 'block', 'aria-label': t('test.title') }, h('h3', {}, t('test.title')), button, places, outcome), look }
}
