/** Small helpers to build the page; styles go through classes or CSSOM, never through attributes (the CSP forbids them). */

/**
 * @param {string} tag
 * @param {Record<string, any>} [props] `class`, `on` (listeners), `css` (CSSOM), `data`; booleans set or drop the attribute
 * @param {...(Node|string|number|null|undefined|false|any[])} children
 * @returns {any}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue
    if (name === 'on') for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener)
    else if (name === 'css') for (const [property, setting] of Object.entries(value)) node.style.setProperty(property, setting)
    else if (name === 'data') Object.assign(node.dataset, value)
    else if (name === 'value') node.value = value
    else node.setAttribute(name, value === true ? '' : String(value))
  }
  node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false))
  return node
}

/** Puts the sprite into the page once: drawings must not depend on the network, nor be asked for at each redraw. */
export async function loadIcons() {
  try {
    const response = await fetch('/static/images/icons.svg')
    const sprite = new DOMParser().parseFromString(await response.text(), 'image/svg+xml').documentElement
    sprite.setAttribute('class', 'sprite')
    sprite.setAttribute('aria-hidden', 'true')
    document.body.append(document.importNode(sprite, true))
  } catch (error) { console.error('The drawings could not be loaded; every button keeps its words.', error) }
}

/** A drawing from the page's sprite, hidden from assistive technology. @param {string} name */
export function icon(name) {
  const space = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(space, 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  svg.setAttribute('focusable', 'false')
  const use = document.createElementNS(space, 'use')
  use.setAttribute('href', `#icon-${name}`)
  svg.append(use)
  return svg
}

/** Replaces a node's children, giving the focus back to the element with the same `data-key`. @param {Element} parent @param {...any} children */
export function render(parent, ...children) {
  const active = document.activeElement
  const key = active && parent.contains(active) ? /** @type {HTMLElement} */ (active).dataset.key : undefined
  const caret = key && 'selectionStart' in active ? [active.selectionStart, active.selectionEnd] : null
  const typed = key && active instanceof HTMLInputElement && active.type === 'text' ? active.value : null
  parent.replaceChildren(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false))
  if (!key) return
  const again = [...parent.querySelectorAll('[data-key]')].find(node => node.dataset.key === key)
  if (!again) return
  if (typed !== null) again.value = typed
  again.focus({ preventScroll: true })
  if (caret && again.setSelectionRange && caret[0] !== null) again.setSelectionRange(caret[0], caret[1])
}

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const node = document.getElementById(id)
  if (!node) throw new Error(`The page has no element #${id}`)
  return node
}

let nextId = 0
/** @param {string} prefix */
export const freshId = prefix => `${prefix}-${(nextId += 1)}`

/** A random identifier, also where the page is served over plain HTTP and `crypto.randomUUID` is absent. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
