/** Beside what the territory cuts off: whose it is, and handing it to them with the text. */
import { post } from '../core/api.js'
import { announce } from '../core/announce.js'
import { errorBox, noticeBox } from '../core/errors.js'
import { freshId, h, render, uuid } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { draftZone } from '../pure/zone.js'
import { sentMessage } from '../pure/wordings.js'
import { usedChannels } from './channels-step.js'

/** @param {any} draft */
export function handoverForm(draft) {
  // An exercise asks nobody for anything.
  if (draft.mode !== 'real') return null
  const body = h('div', { class: 'block' })
  const outcome = h('div', { role: 'status' })
  async function find() {
    render(body, h('p', { class: 'muted' }, t('common.loading')))
    try { offer((await post('/api/requests/neighbours', { zone: draftZone(draft) })).neighbours) } catch (error) { render(body, start()); render(outcome, errorBox(error)) }
  }
  const start = () => h('button', { type: 'button', class: 'button', data: { key: 'handover' }, on: { click: find } }, t('handed.find'))

  /** @param {any[]} neighbours */
  function offer(neighbours) {
    if (neighbours.length === 0) { render(body, noticeBox(t('handed.nobody'))); return }
    const note = h('input', { type: 'text', id: freshId('handover-note'), maxlength: 1000, autocomplete: 'off' })
    const boxes = neighbours.map(one => h('input', { type: 'checkbox', value: String(one.id), data: { neighbour: one.name } }))
    const key = uuid()
    const send = async event => {
      event.preventDefault()
      const to = boxes.filter(box => box.checked).map(box => Number(box.value))
      if (draft.message.text.trim() === '') { render(outcome, noticeBox(t('handed.needText'))); return }
      if (to.length === 0) { boxes[0].focus(); return }
      try {
        const { requests } = await post('/api/requests', { zone: draftZone(draft), message: sentMessage(draft.message), channels: usedChannels(draft), kind: draft.kind, note: note.value.trim(), to, requestKey: key })
        const words = t('handed.sent', { name: requests.map(one => one.to).join(', ') })
        render(body)
        render(outcome, noticeBox(words, 'success', h('p', {}, h('a', { href: '/approbations' }, t('handed.follow')))))
        announce(words)
      } catch (error) { render(outcome, errorBox(error)) }
    }
    render(body, h('form', { class: 'item-form', novalidate: true, on: { submit: send } },
      h('fieldset', { class: 'bare' }, h('legend', {}, t('handed.offer')), boxes.map((box, index) => h('label', { class: 'check' }, box, h('span', {}, t(neighbours[index].isParent ? 'handed.parent' : 'handed.to', { name: neighbours[index].name }), h('span', { class: 'muted small' }, ` ${t('handed.part', { area: n.area(neighbours[index].areaSquareMetres), communes: neighbours[index].communes.join(', ') })}`))))),
      h('div', { class: 'field' }, h('label', { for: note.id }, t('handed.note')), note),
      h('button', { type: 'submit', class: 'button button-primary', data: { key: 'handover-send' } }, t('handed.send'))))
    boxes[0].focus()
  }
  render(body, start())
  return h('section', { class: 'block', id: 'handover' }, h('h3', {}, t('handed.offer')), h('p', { class: 'field-hint' }, t('handed.lead')), body, outcome)
}
