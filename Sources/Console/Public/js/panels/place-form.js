/** A commune or a circle without the mouse: one box for the place, one for the radius. */
import { helped } from '../core/help-mark.js'
import { addItem, store } from '../core/state.js'
import { announce } from '../core/announce.js'
import { errorBox } from '../core/errors.js'
import { h, render } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { parseDecimal } from '../pure/numbers.js'
import { exactMatches } from '../pure/pasted.js'
import { looksSwapped, parsePosition } from '../pure/positions.js'
import { freeName } from '../pure/zone.js'
import { addCommune } from '../map/pick-communes.js'
import { communeSearch, searchCommunes } from './commune-search.js'

const LONGEST_KM = 200

/** @param {{reveal:(ids:string[])=>void}} view @returns {HTMLElement} */
export function placeForm(view) {
  /** @type {any} */ let chosen = null
  const problem = h('div', { class: 'field-error', id: 'place-problem', role: 'alert' })
  const fail = (text, field) => { render(problem, text); field?.setAttribute('aria-invalid', 'true'); field?.setAttribute('aria-describedby', 'place-problem'); field?.focus() }
  const settle = () => { render(problem); search.input.removeAttribute('aria-invalid'); radius.removeAttribute('aria-invalid') }

  const search = communeSearch({
    label: t('place.label'), hint: t('place.hint'), accepts: text => parsePosition(text) !== null,
    onChoose: commune => { chosen = commune; settle() },
    onError: error => (error ? render(problem, errorBox(error)) : settle()),
  })
  search.input.addEventListener('input', () => { chosen = null })
  const radius = h('input', { type: 'text', id: 'place-radius', inputmode: 'decimal', class: 'short', value: '5' })

  /** @returns {Promise<any>} the commune meant, or null after having said why not */
  async function commune() {
    if (chosen) return chosen
    if (search.text === '') { fail(t('place.empty'), search.input); return null }
    try {
      const found = await searchCommunes(search.text)
      const exact = /^\d/.test(search.text) ? found.filter(one => one.code === search.text) : exactMatches(search.text, found)
      const sure = exact.length === 1 ? exact : found.length === 1 ? found : []
      if (sure.length === 1) return sure[0]
      fail(found.length === 0 ? t('place.unknown', { text: search.text }) : t('place.several', { text: search.text, count: found.length }), search.input)
    } catch (error) { render(problem, errorBox(error)) }
    return null
  }

  async function addTyped() {
    settle()
    if (parsePosition(search.text)) { fail(t('place.needsName'), search.input); return }
    const place = await commune()
    if (!place) return
    if (!addCommune(place)) { fail(t('place.already', { name: place.name }), search.input); return }
    done()
  }

  async function traceCircle(event) {
    event.preventDefault()
    settle()
    const kilometres = parseDecimal(radius.value)
    if (kilometres === null || kilometres <= 0 || kilometres > LONGEST_KM) { fail(t('place.badRadius', { longest: LONGEST_KM }), radius); return }
    const position = parsePosition(search.text)
    if (position && looksSwapped(position, store.get().config?.communes.bounds ?? null)) { fail(t('place.swapped'), search.input); return }
    const place = position ? null : await commune()
    if (!position && !place) return
    const [longitude, latitude] = position ? [position.longitude, position.latitude] : place.centre
    const metres = Math.round(kilometres * 1000)
    const name = freeName(store.get().draft.items, k => (place ? t('zone.circleAround', { place: place.name }) + (k > 1 ? ` (${k})` : '') : t('zone.circleName', { count: k })))
    addItem({ kind: 'circle', role: 'alert', name, longitude, latitude, metres })
    announce(t('zone.circleAdded', { radius: n.distance(metres) }))
    done()
  }

  function done() {
    chosen = null
    search.clear()
    view.reveal(store.get().draft.items.slice(-1).map(item => item.id))
    search.input.focus()
  }
  search.input.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.defaultPrevented) return
    event.preventDefault()
    if (!parsePosition(search.text)) void addTyped()
    else void traceCircle(event)
  })

  return h('form', { class: 'block', novalidate: true, on: { submit: traceCircle } },
    helped(h('h3', {}, t('place.title')), 'panel.place'),
    h('div', { class: 'row row-place' }, search.node, h('div', { class: 'field field-radius' }, h('label', { for: 'place-radius' }, t('place.radius')), radius)),
    search.hint, problem,
    h('div', { class: 'row row-even' },
      h('button', { type: 'button', class: 'button', on: { click: () => { void addTyped() } } }, t('place.addCommune')),
      h('button', { type: 'submit', class: 'button' }, t('place.traceCircle'))))
}
