/** A second look: a modal question whose safe answer has the focus. */
import { t } from './texts.js'
import { h, icon } from './dom.js'

/**
 * @param {{title:string, lines:(string|Node)[], confirm:string, cancel?:string, danger?:boolean}} question
 * @returns {Promise<boolean>} true only when the confirming button was pressed
 */
export function ask({ title, lines, confirm, cancel = t('common.cancel'), danger = false }) {
  return new Promise(resolve => {
    const before = /** @type {HTMLElement|null} */ (document.activeElement)
    const dialog = h('dialog', { class: `dialog${danger ? ' dialog-danger' : ''}`, 'aria-labelledby': 'dialog-title' })
    const close = answer => { dialog.close(); dialog.remove(); before?.focus(); resolve(answer) }
    const safe = h('button', { type: 'button', class: 'button', on: { click: () => close(false) } }, cancel)
    dialog.append(
      h('h2', { id: 'dialog-title' }, danger && icon('warning'), title),
      ...lines.map(line => (typeof line === 'string' ? h('p', {}, line) : line)),
      h('div', { class: 'dialog-actions' }, safe,
        h('button', { type: 'button', class: `button ${danger ? 'button-danger' : 'button-primary'}`, data: { confirm: 'true' }, on: { click: () => close(true) } }, confirm)))
    dialog.addEventListener('cancel', event => { event.preventDefault(); close(false) })
    document.body.append(dialog)
    dialog.showModal()
    safe.focus()
  })
}
