/** The “?” beside a heading: it opens the paragraph of the help page that speaks of this panel. */
import { h } from './dom.js'
import { hasText, t } from './texts.js'

/** Those that are open: a panel is drawn anew with its figures. */
const open = new Set()

/** What the help page and the mark both say. @param {string} name @returns {string[]} */
export const helpLines = name => t(`help.${name}.lines`, { lieu: '{lieu}' }).split('\n')

/** @param {HTMLElement} heading @param {string} name a section of the help page, or a panel's paragraph of it: `panel.place` @returns {HTMLElement} the heading with its mark, and the paragraph below */
export function helped(heading, name) {
  const key = `help-${name.replace('.', '-')}`
  const text = h('div', { class: 'help-text', id: `${key}-text`, hidden: !open.has(name) }, helpLines(name).map(line => h('p', {}, line)),
    h('p', {}, h('a', { href: `/aide#${name.replace('.', '-')}`, data: { key: `${key}-page` }, target: '_blank', rel: 'noopener' }, t('help.page'))))
  const toggle = () => {
    if (!open.delete(name)) open.add(name)
    text.hidden = !open.has(name)
    button.setAttribute('aria-expanded', String(open.has(name)))
  }
  const button = h('button', { type: 'button', class: 'help-mark', data: { key }, 'aria-label': t('help.about', { name: t(`help.${name}.title`) }), 'aria-expanded': String(open.has(name)), 'aria-controls': `${key}-text`, on: { click: toggle } }, '?')
  return h('div', { class: 'helped' }, h('div', { class: 'helped-head' }, heading, button), text)
}

/** Puts the mark beside the title of a page that has a section in the help. @param {string} name */
export function helpTitle(name) {
  const title = /** @type {HTMLElement|null} */ (document.querySelector('main h1'))
  if (!title || !hasText(`help.${name}.lines`)) return
  const place = document.createComment('')
  title.replaceWith(place)
  place.replaceWith(helped(title, name))
}
