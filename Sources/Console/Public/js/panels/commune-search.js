/** Search box for a commune, by name or code: a combobox that a keyboard can drive whole. */
import { get } from '../core/api.js'
import { freshId, h, render } from '../core/dom.js'
import { t } from '../core/texts.js'
import { createLatest } from '../pure/latest.js'
import { spellings } from '../pure/pasted.js'

/** @typedef {{code:string, name:string, department:string, population:number|null, centre:[number,number], bounds:number[]}} Commune */

/**
 * @param {{label:string, hint?:string, onChoose:(commune:Commune)=>void, onError:(error:any)=>void, accepts?:(text:string)=>boolean}} options
 *   accepts: texts that are not commune names (coordinates), not searched
 */
export function communeSearch({ label, hint, onChoose, onError, accepts = () => false }) {
  const id = freshId('commune')
  /** @type {Commune[]} */ let found = []
  let at = -1
  let foundFor = ''
  const list = h('ul', { role: 'listbox', id: `${id}-list`, class: 'options', 'aria-label': label, hidden: true })
  const input = h('input', {
    type: 'text', id, role: 'combobox', autocomplete: 'off', spellcheck: 'false', 'aria-autocomplete': 'list', 'aria-expanded': 'false',
    'aria-controls': `${id}-list`, 'aria-describedby': hint ? `${id}-hint` : null, placeholder: t('search.placeholder'),
    on: { input: () => search(), keydown: onKey, blur: () => setTimeout(() => show(false), 150), focus: () => { if (found.length) show(true) } },
  })

  const latest = createLatest({
    send: (text, signal) => get(`/api/communes?q=${encodeURIComponent(text)}&limit=8`, signal),
    onResult: ({ communes }, text) => { found = communes; foundFor = text; at = communes.length > 0 ? 0 : -1; draw(); show(document.activeElement === input) },
    onError,
  })
  function search() {
    const text = input.value.trim()
    onError(null)
    if (text.length < 2 || accepts(text)) { latest.cancel(); found = []; show(false); return }
    latest.ask(text)
  }
  function draw() {
    render(list, found.length === 0
      ? h('li', { class: 'option-none', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, t('search.none'))
      : found.map((commune, index) => h('li', { role: 'option', id: `${id}-${index}`, class: 'option', 'aria-selected': index === at ? 'true' : 'false', on: { mousedown: event => { event.preventDefault(); choose(index) } } },
        h('span', {}, commune.name), h('span', { class: 'option-note' }, `${commune.code} · ${t('search.population', { count: commune.population ?? 0 })}`))))
    mark()
  }
  function mark() {
    [...list.children].forEach((option, index) => { if (found.length) option.setAttribute('aria-selected', index === at ? 'true' : 'false') })
    if (at >= 0) { input.setAttribute('aria-activedescendant', `${id}-${at}`); list.children[at]?.scrollIntoView({ block: 'nearest' }) } else input.removeAttribute('aria-activedescendant')
  }
  function show(open) { list.hidden = !open; input.setAttribute('aria-expanded', String(open)) }
  function choose(index) {
    const commune = found[index]
    if (!commune) return
    input.value = commune.name
    show(false)
    onChoose(commune)
  }
  function onKey(event) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (found.length === 0) return
      event.preventDefault()
      if (list.hidden) show(true)
      else at = (at + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length
      mark()
    } else if (event.key === 'Enter') {
      // The list may still be that of the letters before: what is typed counts, then, not what is marked.
      if (list.hidden || at < 0 || foundFor !== input.value.trim()) return
      event.preventDefault()
      choose(at)
    } else if (event.key === 'Escape' && !list.hidden) { event.preventDefault(); show(false) }
  }
  return {
    node: h('div', { class: 'field combo' }, h('label', { for: id }, label), input, list),
    hint: hint && h('p', { class: 'field-hint', id: `${id}-hint` }, hint),
    input,
    get text() { return input.value.trim() },
    clear() { latest.cancel(); input.value = ''; found = []; show(false) },
  }
}

/**
 * What the server knows of a typed commune when it was not picked in the list; "St Valery" is also tried as "Saint-Valery".
 * @param {string} text
 * @returns {Promise<Commune[]>}
 */
export async function searchCommunes(text) {
  for (const spelling of spellings(text)) {
    const { communes } = await get(`/api/communes?q=${encodeURIComponent(spelling)}&limit=10`)
    if (communes.length > 0) return communes
  }
  return []
}
