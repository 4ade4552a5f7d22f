/** The draft as a scenario: a name, and what each blank of its text holds. */
import { post } from '../core/api.js'
import { announce } from '../core/announce.js'
import { errorBox, noticeBox } from '../core/errors.js'
import { freshId, h, render } from '../core/dom.js'
import { t } from '../core/texts.js'
import { planOf } from './review-step.js'

const KINDS = ['text', 'time', 'place']

/** @param {any} draft */
export function scenarioForm(draft) {
  const outcome = h('div', { role: 'status' })
  const body = h('div', {})
  const fold = h('details', { class: 'fold' }, h('summary', {}, t('scenario.save')), body)
  async function fill() {
    render(body, h('p', { class: 'muted' }, t('common.loading')))
    try { draw((await post('/api/message/fill', { message: planOf(draft).message, values: {} })).places.filter(place => place.standard === null || place.standard === undefined)) } catch (error) { render(body, errorBox(error)) }
  }
  /** @param {any[]} places those that nothing fills by itself */
  function draw(places) {
    const name = h('input', { type: 'text', id: freshId('scenario-name'), maxlength: 80, autocomplete: 'off', value: draft.scenario?.name ?? '' })
    const kinds = places.map(place => {
      const select = h('select', { id: freshId('blank') }, KINDS.map(kind => h('option', { value: kind }, t(`scenario.kind.${kind}`))))
      select.value = draft.scenario?.blanks?.find(one => one.name === place.name)?.kind ?? 'text'
      return select
    })
    const save = async event => {
      event.preventDefault()
      const given = name.value.trim()
      if (given === '') { render(outcome, noticeBox(t('scenario.needName'))); name.focus(); return }
      // With every channel that was chosen: a gateway that is missing today may be there on the day.
      const { mode, ...plan } = planOf({ ...draft, mode: 'exercise' })
      try {
        await post('/api/scenarios', { ...plan, name: given, blanks: places.map((place, index) => ({ name: place.name, kind: kinds[index].value })) })
        const words = t('scenario.saved', { name: given })
        render(outcome, noticeBox(words, 'success', h('p', {}, h('a', { href: '/scenarios' }, t('scenario.open')))))
        announce(words)
      } catch (error) { render(outcome, errorBox(error)) }
    }
    render(body, h('form', { class: 'item-form', novalidate: true, on: { submit: save } },
      h('div', { class: 'field' }, h('label', { for: name.id }, t('scenario.name')), name),
      places.length > 0 && h('p', { class: 'field-hint' }, t('scenario.blanks')),
      places.map((place, index) => h('div', { class: 'field' }, h('label', { for: kinds[index].id }, t('scenario.kindOf', { name: place.written ?? place.name })), kinds[index])),
      h('button', { type: 'submit', class: 'button', data: { key: 'scenario-save' } }, t('scenario.go'))), outcome)
  }
  fold.addEventListener('toggle', () => { if (fold.open) void fill() })
  return fold
}
