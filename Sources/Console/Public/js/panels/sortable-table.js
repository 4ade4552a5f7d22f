/** A table whose columns sort by a button in their header. */
import { h, icon, render } from '../core/dom.js'
import { language, t } from '../core/texts.js'

/**
 * @typedef {{key:string, label:string, text:(row:any)=>string, value:(row:any)=>any, header?:boolean}} Column
 * @param {{caption:string, rows:any[], columns:Column[], sort:{column:string, descending:boolean}}} table
 */
export function sortableTable({ caption, rows, columns, sort }) {
  const head = h('thead', {})
  const body = h('tbody', {})
  const collator = new Intl.Collator(language)
  let now = sort

  const compare = (a, b) => (typeof a === 'string' ? collator.compare(a, b) : (a ?? -1) - (b ?? -1))
  function draw() {
    const column = columns.find(one => one.key === now.column)
    const sorted = [...rows].sort((a, b) => compare(column.value(a), column.value(b)) * (now.descending ? -1 : 1))
    render(head, h('tr', {}, columns.map(one => h('th', { scope: 'col', class: one.header ? '' : 'number', 'aria-sort': one.key === now.column ? (now.descending ? 'descending' : 'ascending') : null },
      h('button', { type: 'button', class: 'sort', data: { key: `sort-${one.key}` }, on: { click: () => { now = { column: one.key, descending: one.key === now.column ? !now.descending : !one.header }; draw() } } }, one.label, one.key === now.column && icon(now.descending ? 'down' : 'up'))))))
    render(body, sorted.map(row => h('tr', {}, columns.map(one => (one.header ? h('th', { scope: 'row' }, one.text(row)) : h('td', { class: 'number' }, one.text(row)))))))
  }
  draw()
  return h('div', { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    h('table', { class: 'data' }, h('caption', {}, caption, h('span', { class: 'visually-hidden' }, ` ${t('table.sortable')}`)), head, body))
}
