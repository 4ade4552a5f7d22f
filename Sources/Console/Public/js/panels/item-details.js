/** One item by its figures: a circle's centre and radius, a polygon's corners, a list of communes. */
import { MODE } from '../core/world.js'
import { patchItem } from '../core/state.js'
import { post } from '../core/api.js'
import { refreshSaved } from '../core/saved.js'
import { announce } from '../core/announce.js'
import { errorBox } from '../core/errors.js'
import { freshId, h, render } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { parseDecimal } from '../pure/numbers.js'
import { parsePosition, parseVertices, printVertices } from '../pure/positions.js'
import { polygonsOf } from '../pure/zone.js'
import { verticesProblem } from './other-ways.js'

/** @param {any} item */
export const itemDetails = item => (item.kind === 'circle' ? circleDetails(item) : item.kind === 'polygon' ? polygonDetails(item) : communesDetails(item))

function circleDetails(item) {
  const id = freshId('circle')
  const problem = h('p', { class: 'field-error', role: 'alert' })
  const centre = h('input', { type: 'text', id: `${id}-centre`, value: `${n.degrees(item.latitude)}, ${n.degrees(item.longitude)}` })
  const radius = h('input', { type: 'text', id: `${id}-radius`, class: 'short', inputmode: 'decimal', value: n.decimal(item.metres, 0) })
  function apply(event) {
    event.preventDefault()
    const position = parsePosition(centre.value)
    const metres = parseDecimal(radius.value)
    if (!position) { render(problem, t('place.badPosition')); centre.focus(); return }
    if (metres === null || metres < 1 || metres > 200_000) { render(problem, t('item.badMetres')); radius.focus(); return }
    patchItem(item.id, { ...position, metres: Math.round(metres) })
    announce(t('item.changed', { name: item.name }))
  }
  return h('form', { class: 'item-form', on: { submit: apply } },
    h('div', { class: 'field' }, h('label', { for: `${id}-centre` }, t('item.centre')), centre),
    h('div', { class: 'row row-end' }, h('div', { class: 'field' }, h('label', { for: `${id}-radius` }, t('item.radius')), radius), h('button', { type: 'submit', class: 'button' }, t('item.apply'))),
    problem)
}

function polygonDetails(item) {
  const id = freshId('polygon')
  const polygons = polygonsOf(item.geometry)
  const rings = polygons.flatMap((parts, part) => parts.map((ring, at) => ({ part, at, ring })))
  const problem = h('div', { role: 'alert' })
  const area = h('textarea', { id: `${id}-vertices`, rows: '5', spellcheck: 'false' })
  const choice = h('select', { id: `${id}-ring`, on: { change: () => load() } }, rings.map(({ part, at }, index) => h('option', { value: String(index) }, at === 0 ? t('item.outer', { part: part + 1 }) : t('item.hole', { part: part + 1, hole: at }))))
  const current = () => rings[Number(choice.value || 0)]
  const load = () => { area.value = printVertices(current().ring, n.degrees) }
  const replaced = (part, at, ring) => polygons.map((parts, p) => (p !== part ? parts : ring ? parts.map((old, r) => (r === at ? ring : old)) : parts.filter((_, r) => r !== at)))
  const store = cut => patchItem(item.id, { geometry: item.geometry.type === 'Polygon' ? { type: 'Polygon', coordinates: cut[0] } : { type: 'MultiPolygon', coordinates: cut } })
  function apply(event) {
    event.preventDefault()
    const wrong = verticesProblem(area.value)
    if (wrong) { render(problem, h('p', { class: 'field-error' }, wrong)); return }
    const { part, at } = current()
    store(replaced(part, at, parseVertices(area.value).ring))
    announce(t('item.changed', { name: item.name }))
  }
  async function save(event) {
    const button = event.currentTarget
    button.disabled = true
    try {
      await post('/api/perimeters', { name: item.name, geometry: item.geometry })
      render(problem, h('p', { class: 'field-good' }, t('item.saved', { name: item.name })))
      void refreshSaved()
    } catch (error) { render(problem, errorBox(error)); button.disabled = false }
  }
  const rename = h('input', { type: 'text', id: `${id}-name`, maxlength: '80', value: item.name, on: { change: () => { const name = rename.value.trim(); if (name && name !== item.name) patchItem(item.id, { name }) } } })
  const dropHole = h('button', { type: 'button', class: 'button button-small', on: { click: () => { const { part, at } = current(); if (at > 0) store(replaced(part, at, null)) } } }, t('item.dropHole'))
  const showDrop = () => { dropHole.hidden = current().at === 0 }
  choice.addEventListener('change', showDrop)
  load()
  showDrop()
  return h('form', { class: 'item-form', on: { submit: apply } },
    h('div', { class: 'field' }, h('label', { for: `${id}-name` }, t('item.name')), rename),
    rings.length > 1 && h('div', { class: 'field' }, h('label', { for: `${id}-ring` }, t('item.ring')), choice),
    h('div', { class: 'field' }, h('label', { for: `${id}-vertices` }, t('item.verticesLabel')), area), problem,
    h('div', { class: 'row row-buttons' }, h('button', { type: 'submit', class: 'button button-small' }, t('item.apply')), dropHole, MODE === 'real' && h('button', { type: 'button', class: 'button button-small', on: { click: save } }, t('item.save'))))
}

function communesDetails(item) {
  return h('ul', { class: 'plain commune-list' }, item.codes.map(code => {
    const name = item.names?.[code] ? `${item.names[code]} (${code})` : code
    return h('li', { class: 'pick' }, h('span', {}, name), h('button', { type: 'button', class: 'button-link', 'aria-label': t('item.removeNamed', { name }), on: { click: () => patchItem(item.id, { codes: item.codes.filter(other => other !== code) }) } }, t('item.remove')))
  }))
}
