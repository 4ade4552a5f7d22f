/** A text box and a list of what it may mean, which a keyboard can drive whole: ARIA's combobox with a listbox. */
import { freshId, h, render } from './dom.js'

/**
 * @template T
 * @param {{
 *   kind:string, label:string, listLabel?:string, attributes?:Record<string, any>, marksFirst?:boolean,
 *   draw:(item:T)=>any[], none?:()=>string, valueOf:(item:T)=>string,
 *   mayChoose?:(text:string)=>boolean, onInput:(text:string)=>void, onChoose:(item:T)=>void,
 * }} options
 *   kind: begins the ids; attributes: more of the text box; marksFirst: whether Enter takes the first offer without a choice;
 *   draw: what an offer's line holds; none: said where nothing was found; mayChoose: whether the offers are those of the text
 */
export function combobox({
  kind, label, listLabel = label, attributes = {}, marksFirst = false, draw, none, valueOf, mayChoose = () => true, onInput, onChoose,
}) {
  const id = freshId(kind)
  /** @type {T[]} */ let offers = []
  let at = -1
  const list = h('ul', { role: 'listbox', id: `${id}-list`, class: 'options', 'aria-label': listLabel, hidden: true })
  const input = h('input', {
    type: 'text', id, role: 'combobox', autocomplete: 'off', spellcheck: 'false', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': `${id}-list`,
    ...attributes, on: { input: () => onInput(input.value.trim()), keydown: onKey, blur: () => setTimeout(() => show(false), 150) },
  })
  function line(offer, index) {
    return h('li', { role: 'option', id: `${id}-${index}`, class: 'option', 'aria-selected': 'false', on: { mousedown: event => { event.preventDefault(); choose(index) } } }, ...draw(offer))
  }
  function mark() {
    offers.forEach((_, index) => list.children[index].setAttribute('aria-selected', String(index === at)))
    if (at >= 0) { input.setAttribute('aria-activedescendant', `${id}-${at}`); list.children[at].scrollIntoView({ block: 'nearest' }) } else input.removeAttribute('aria-activedescendant')
  }
  function show(open) { list.hidden = !open; input.setAttribute('aria-expanded', String(open)) }
  function choose(index) {
    const offer = offers[index]
    if (offer === undefined) return
    input.value = valueOf(offer)
    show(false)
    onChoose(offer)
  }
  function onKey(event) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (offers.length === 0) return
      event.preventDefault()
      const wasOpen = !list.hidden
      show(true)
      if (wasOpen || at < 0) at = event.key === 'ArrowDown' ? (at + 1) % offers.length : (Math.max(at, 0) + offers.length - 1) % offers.length
      mark()
    } else if (event.key === 'Enter') {
      if (list.hidden || at < 0 || !mayChoose(input.value.trim())) return
      event.preventDefault()
      choose(at)
    } else if (event.key === 'Escape' && !list.hidden) { event.preventDefault(); event.stopPropagation(); show(false) }
  }
  return {
    node: h('div', { class: 'field combo' }, h('label', { for: id }, label), input, list),
    input,
    id,
    /** Shows what was found, unless the box was left meanwhile. @param {T[]} found */
    offer(found) {
      offers = found
      at = marksFirst && found.length > 0 ? 0 : -1
      render(list, found.length === 0 && none
        ? h('li', { class: 'option-none', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, none()) : found.map(line))
      mark()
      show((found.length > 0 || none !== undefined) && document.activeElement === input)
    },
    /** Nothing is offered for what is typed now. */
    withdraw() { offers = []; at = -1; mark(); show(false) },
    /** Shows again what was found last. */
    reopen() { if (offers.length) show(true) },
  }
}
