/** A message's own wordings, for a language, a channel or both: written one under the other. */
import { h, render } from '../core/dom.js'
import { announce } from '../core/announce.js'
import { t } from '../core/texts.js'
import { faults } from '../pure/wordings.js'

const CHANNELS = ['sms', 'voice', 'email', 'fax']

/**
 * @param {string} prefix of the fields' ids: two editors may be on the page
 * @param {() => any} read the message now @param {(message:any) => void} write
 */
export function wordingsEditor(prefix, read, write) {
  const list = h('ol', { class: 'plain wordings' })
  const count = h('span', {})
  const problems = h('div', { role: 'status' })
  const change = (index, patch) => { write({ ...read(), variants: (read().variants ?? []).map((one, place) => (place === index ? { ...one, ...patch } : one)) }); check() }
  const id = (index, name) => `${prefix}-${name}-${index}`
  const field = (index, name, label, input) => h('div', { class: 'field' }, h('label', { for: id(index, name) }, label), input)
  const text = (index, name, value, props = {}) => { const node = h('input', { type: 'text', id: id(index, name), autocomplete: 'off', data: { key: id(index, name) }, on: { input: event => change(index, { [name]: event.target.value }) }, ...props }); node.value = value ?? ''; return node }

  function line(variant, index) {
    const channel = h('select', { id: id(index, 'channel'), data: { key: id(index, 'channel') }, on: { change: event => change(index, { channel: event.target.value }) } },
      [['', t('wording.everyChannel')], ...CHANNELS.map(one => [one, t(`channel.${one}`)])].map(([value, label]) => h('option', { value }, label)))
    channel.value = variant.channel ?? ''
    const area = h('textarea', { id: id(index, 'text'), rows: '4', data: { key: id(index, 'text') }, lang: variant.language || null, on: { input: event => change(index, { text: event.target.value }) } })
    area.value = variant.text
    return h('li', { class: 'wording' }, h('fieldset', { class: 'bare' }, h('legend', {}, t('wording.name', { count: index + 1 })),
      h('div', { class: 'row' }, field(index, 'language', t('wording.language'), text(index, 'language', variant.language, { maxlength: '35', spellcheck: 'false', list: `${prefix}-languages`, class: 'short' })), field(index, 'channel', t('wording.channel'), channel)),
      field(index, 'subject', t('wording.subject'), text(index, 'subject', variant.subject, { maxlength: '200' })),
      field(index, 'text', t('message.text'), area),
      h('button', { type: 'button', class: 'button button-small', data: { key: id(index, 'remove') }, on: { click: () => remove(index) } }, t('wording.remove', { count: index + 1 }))))
  }
  function remove(index) {
    write({ ...read(), variants: (read().variants ?? []).filter((_, place) => place !== index) })
    draw()
    announce(t('wording.removed'))
    add.focus()
  }
  const add = h('button', { type: 'button', class: 'button button-small', data: { key: `${prefix}-add-wording` }, on: { click: () => {
    write({ ...read(), variants: [...(read().variants ?? []), { language: '', channel: '', subject: '', text: '' }] })
    fold.open = true
    draw()
    list.querySelector('li:last-child input')?.focus()
  } } }, t('wording.add'))

  function check() {
    const found = faults(read()).flatMap((fault, index) => (fault ? [h('p', { class: 'field-error' }, t('wording.fault', { count: index + 1, what: t(`lack.${fault}`) }))] : []))
    render(problems, found)
    count.textContent = `(${(read().variants ?? []).length})`
  }
  function draw() {
    render(list, (read().variants ?? []).map(line))
    check()
  }
  const fold = h('details', { class: 'fold' }, h('summary', {}, t('wording.title'), ' ', count),
    h('div', {}, h('p', { class: 'field-hint' }, t('wording.hint')), h('datalist', { id: `${prefix}-languages` }, ['en', 'de', 'es', 'it', 'nl', 'pt', 'ar', 'uk'].map(value => h('option', { value }))), list, problems, add))
  draw()
  return { node: fold, draw }
}
