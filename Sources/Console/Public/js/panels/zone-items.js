/** The zone's items as a list: the twin of the map for those who do not see or point. */
import { helped } from '../core/help-mark.js'
import { itemOf } from '../core/default-list.js'
import { addItem, patchItem, removeItem, store } from '../core/state.js'
import { announce } from '../core/announce.js'
import { errorBox } from '../core/errors.js'
import { h, icon, render } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { holdsList, isPlace, shapeOf } from '../pure/zone.js'
import { itemDetails } from './item-details.js'

/** @typedef {import('../pure/zone.js').Item} Item */

/** @param {Item} item */
function noteOf(item) {
  if (item.kind === 'circle') return t('item.circle', { radius: n.distance(item.metres) })
  if (item.kind === 'polygon') {
    const { parts, holes, vertices } = shapeOf(item)
    return [parts > 1 && t('item.parts', { count: parts }), t('item.vertices', { count: vertices }), holes > 0 && t('item.holes', { count: holes })].filter(Boolean).join(' · ')
  }
  if (item.kind === 'communes') return [item.codes.length === 1 ? t('item.commune') : t('item.communes', { count: item.codes.length }), item.vintage && t('item.vintage', { year: String(item.vintage) })].filter(Boolean).join(' · ')
  if (item.kind === 'epci') return [t('item.epci'), item.codes && t('item.communes', { count: item.codes.length })].filter(Boolean).join(' · ')
  if (item.kind === 'campaign') return t('item.campaign', { outcome: t(`outcome.${item.outcome}`) })
  return item.kind === 'list' && item.name === store.get().defaultList.value?.name ? t('defaultList.note') : t(`item.${item.kind}`)
}

/** The default list as a box that is ticked in sight, and says what it does. @param {Item[]} items */
function defaultList(items) {
  const { value, error } = store.get().defaultList
  if (error) return h('div', { class: 'default-list' }, h('p', { class: 'field-error' }, t('defaultList.failed')), errorBox(error))
  if (!value) return null
  const own = items.find(item => item.kind === 'list' && item.name === value.name)
  const chosen = holdsList(items, value.name)
  const toggle = () => {
    if (chosen) removeItem(own.id)
    else if (own) patchItem(own.id, { role: 'alert' })
    else addItem(itemOf(value))
    announce(t(chosen ? 'item.removed' : 'saved.added', { name: value.name }))
  }
  const box = h('input', { type: 'checkbox', id: 'default-list', checked: chosen, data: { key: 'default-list' }, 'aria-describedby': 'default-list-hint', on: { change: toggle } })
  return h('div', { class: 'default-list' },
    h('label', { class: 'check', for: 'default-list' }, box, h('span', {}, t('defaultList.label'), ' ', h('strong', {}, value.name), ' ', t('saved.members', { count: value.members }))),
    h('p', { class: 'field-hint', id: 'default-list-hint' }, t('defaultList.hint')))
}

/** @param {{showItems:(ids:string[])=>void}} view @returns {HTMLElement} */
export function zoneItems(view) {
  const body = h('div', {})
  const opened = new Set()

  const role = (item, value) => h('button', {
    type: 'button', class: `segment segment-${value}`, 'aria-pressed': String(item.role === value), data: { key: `${item.id}-${value}` },
    on: { click: () => { if (item.role !== value) { patchItem(item.id, { role: value }); announce(t(`item.now.${value}`, { name: item.name })) } } },
  }, t(`item.${value}`))

  function row(item, index, all) {
    const detailed = item.kind === 'circle' || item.kind === 'polygon' || (item.kind === 'communes' && item.codes.length > 1)
    const details = h('div', { id: `${item.id}-details`, hidden: !opened.has(item.id) })
    if (opened.has(item.id)) details.append(itemDetails(item))
    const toggle = event => {
      const open = !opened.has(item.id)
      if (open) opened.add(item.id)
      else opened.delete(item.id)
      details.hidden = !open
      render(details, open ? itemDetails(item) : null)
      event.currentTarget.setAttribute('aria-expanded', String(open))
    }
    const remove = () => {
      removeItem(item.id)
      announce(t('item.removed', { name: item.name }))
      const near = all[index + 1] ?? all[index - 1]
      const next = near && body.querySelector(`[data-key="${near.id}-remove"]`)
      ;(next ?? document.getElementById('zone-items-title'))?.focus()
    }
    return h('li', { class: `item item-${item.role}`, data: { item: item.id }, on: { focusin: () => store.set({ selected: item.id }), pointerenter: () => store.set({ selected: item.id }) } },
      h('div', { class: 'item-head' },
        h('span', { class: `item-icon item-icon-${item.role}` }, icon(item.kind)),
        h('div', { class: 'item-name' }, h('span', { class: 'item-title' }, item.name), h('span', { class: 'item-note' }, noteOf(item))),
        h('button', { type: 'button', class: 'button button-small button-remove', data: { key: `${item.id}-remove` }, 'aria-label': t('item.removeNamed', { name: item.name }), on: { click: remove } }, t('item.remove'))),
      h('div', { class: 'item-tools' },
        h('div', { class: 'segments', role: 'group', 'aria-label': t('item.roleOf', { name: item.name }) }, role(item, 'alert'), role(item, 'within'), role(item, 'exclude')),
        isPlace(item) && item.kind !== 'department' && h('button', { type: 'button', class: 'button-link', data: { key: `${item.id}-show` }, 'aria-label': t('item.showNamed', { name: item.name }), on: { click: () => view.showItems([item.id]) } }, t('item.show')),
        detailed && h('button', { type: 'button', class: 'button-link', data: { key: `${item.id}-details` }, 'aria-expanded': String(opened.has(item.id)), 'aria-controls': `${item.id}-details`, 'aria-label': t('item.detailsNamed', { name: item.name }), on: { click: toggle } }, t('item.details'))),
      detailed && details)
  }

  store.watch(state => [state.draft.items, state.defaultList], ([items]) => {
    render(body,
      helped(h('h3', { id: 'zone-items-title', tabindex: '-1' }, t('zone.items'), items.length > 0 && h('span', { class: 'count-badge' }, n.integer(items.length))), 'panel.items'),
      defaultList(items),
      items.length === 0 ? h('p', { class: 'empty' }, t('zone.noItem')) : h('ul', { class: 'items' }, items.map(row)))
  })
  store.watch(state => state.selected, selected => {
    for (const node of body.querySelectorAll('.item')) node.classList.toggle('item-selected', node.dataset.item === selected)
  })
  return h('section', { class: 'block', 'aria-labelledby': 'zone-items-title' }, body)
}
