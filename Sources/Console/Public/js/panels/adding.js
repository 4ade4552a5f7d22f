/** What is picked from a list becomes an item of the zone: as what is chosen once above the list. */
import { addItem, store } from '../core/state.js'
import { announce } from '../core/announce.js'
import { freshId, h } from '../core/dom.js'
import { t } from '../core/texts.js'

export const ROLES = ['alert', 'within', 'exclude']

/** Which items are the same thing. @param {any} item */
const identity = ({ kind, name, siren, code, tag, campaign, outcome }) => JSON.stringify([kind, siren ?? code ?? tag ?? (campaign ? [campaign, outcome] : name)])

/**
 * @param {{reveal:(ids:string[])=>void}} view
 * @param {string} prefix of the element's id
 */
export function adder(view, prefix) {
  const id = freshId(`${prefix}-role`)
  const role = h('select', { id, 'aria-describedby': `${id}-hint`, data: { key: `${prefix}-role` } }, ROLES.map(name => h('option', { value: name }, t(`role.as.${name}`))))
  return {
    chooser: h('div', { class: 'field' }, h('label', { for: id }, t('adding.as')), role, h('p', { class: 'field-hint', id: `${id}-hint` }, t('adding.hint'))),
    /** As what a pick counts now: kept by what fetches something before it adds. */
    chosen: () => role.value,
    /** @param {any} item without id; without a role it takes the one chosen now */
    add(item) {
      if (store.get().draft.items.some(other => identity(other) === identity(item))) { announce(t('saved.already', { name: item.name })); return }
      view.reveal([addItem({ role: role.value, ...item })])
      announce(t('saved.added', { name: item.name }))
    },
  }
}

/** A line of a list to pick from. @param {string} name @param {string} note @param {()=>void} pick */
export const pickLine = (name, note, pick) => h('li', { class: 'pick' }, h('span', { class: 'pick-name' }, name, note && h('span', { class: 'muted' }, ` ${note}`)), h('button', { type: 'button', class: 'button button-small', 'aria-label': t('saved.addNamed', { name }), on: { click: pick } }, t('saved.add')))
