/** A message taken from the organisation's library: which, which part of it, and its places filled. */
import { get, post } from '../core/api.js'
import { errorBox } from '../core/errors.js'
import { h, render } from '../core/dom.js'
import { announce } from '../core/announce.js'
import { t } from '../core/texts.js'

const PARTS = ['message', 'correction', 'allClear']

/** @param {string} prefix of the fields' ids @param {(message:any) => void} take what to do with the filled message */
export function templateForm(prefix, take, { part: first = 'message' } = {}) {
  const body = h('div', {}, h('p', { class: 'muted' }, t('common.loading')))
  const outcome = h('div', {})
  const fields = h('div', { class: 'item-form' })
  let templates = []
  let asked = 0
  const option = (value, label) => h('option', { value }, label)
  const name = h('select', { id: `${prefix}-template`, data: { key: `${prefix}-template` }, on: { change: () => { void places() } } })
  const part = h('select', { id: `${prefix}-part`, data: { key: `${prefix}-part` }, on: { change: () => { void places() } } }, PARTS.map(one => option(one, t(`template.${one}`))))
  part.value = first
  const chosen = () => templates.find(one => one.name === name.value)?.template[part.value]
  const values = () => Object.fromEntries([...fields.querySelectorAll('input')].map(node => [node.dataset.place, node.value]))

  /** Shows a field for each place of the part chosen. */
  async function places() {
    const own = asked += 1
    render(outcome)
    try {
      const answer = await post('/api/message/fill', { message: chosen(), values: {} })
      if (own !== asked) return
      render(fields, answer.places.map(place => {
        const id = `${prefix}-place-${place.name}`
        const hint = place.standard ? t('template.standard', { value: place.standard }) : place.fallback !== null ? t('template.fallback', { value: place.fallback }) : ''
        return h('div', { class: 'field' }, h('label', { for: id }, place.written), h('input', { type: 'text', id, maxlength: '500', autocomplete: 'off', data: { place: place.name, key: id }, 'aria-describedby': hint ? `${id}-hint` : null }), hint && h('p', { class: 'field-hint', id: `${id}-hint` }, hint))
      }))
    } catch (error) { if (own === asked) render(outcome, errorBox(error)) }
  }
  async function fill(event) {
    event.preventDefault()
    for (const node of fields.querySelectorAll('input')) node.removeAttribute('aria-invalid')
    try {
      const answer = await post('/api/message/fill', { message: chosen(), values: values() })
      if (answer.message === null) {
        const missing = answer.places.filter(place => answer.missing.includes(place.name))
        const inputs = [...fields.querySelectorAll('input')].filter(node => answer.missing.includes(node.dataset.place))
        for (const node of inputs) node.setAttribute('aria-invalid', 'true')
        render(outcome, h('p', { class: 'field-error', role: 'alert' }, t('template.missing', { places: missing.map(place => place.written).join(', ') })))
        inputs[0]?.focus()
        return
      }
      take({ variants: [], ...answer.message }, part.value)
      render(outcome, h('p', { class: 'muted', role: 'status' }, t('template.taken', { name: name.value })))
      announce(t('template.taken', { name: name.value }))
    } catch (error) { render(outcome, errorBox(error)) }
  }
  async function load() {
    try {
      templates = (await get('/api/templates')).templates
      if (templates.length === 0) { render(body, h('p', { class: 'muted' }, t('template.none'))); return }
      render(name, templates.map(one => option(one.name, one.name)))
      render(body, h('form', { novalidate: true, on: { submit: fill } },
        h('div', { class: 'row' }, h('div', { class: 'field' }, h('label', { for: `${prefix}-template` }, t('template.label')), name), h('div', { class: 'field' }, h('label', { for: `${prefix}-part` }, t('template.part')), part)),
        fields, outcome, h('button', { type: 'submit', class: 'button', data: { key: `${prefix}-take` } }, t('template.take'))))
      await places()
    } catch (error) { render(body, errorBox(error)) }
  }
  const fold = h('details', { class: 'fold' }, h('summary', {}, t('template.title')), body)
  fold.addEventListener('toggle', () => { if (fold.open) void load() })
  return { node: fold, choose: value => { part.value = value; if (fold.open) void places() } }
}
