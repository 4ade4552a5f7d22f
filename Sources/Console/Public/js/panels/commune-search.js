/** Search box for a commune, by name or code. */
import { get } from '../core/api.js'
import { combobox } from '../core/combobox.js'
import { h } from '../core/dom.js'
import { t } from '../core/texts.js'
import { createLatest } from '../pure/latest.js'
import { spellings } from '../pure/pasted.js'

/** @typedef {{code:string, name:string, department:string, population:number|null, centre:[number,number], bounds:number[]}} Commune */

/**
 * @param {{label:string, hint?:string, onChoose:(commune:Commune)=>void, onError:(error:any)=>void, accepts?:(text:string)=>boolean}} options
 *   accepts: texts that are not commune names (coordinates), not searched
 */
export function communeSearch({ label, hint, onChoose, onError, accepts = () => false }) {
  let foundFor = ''
  const latest = createLatest({
    send: (text, signal) => get(`/api/communes?q=${encodeURIComponent(text)}&limit=8`, signal),
    onResult: ({ communes }, text) => { foundFor = text; box.offer(communes) },
    onError,
  })
  const box = combobox({
    kind: 'commune', label, marksFirst: true, attributes: { placeholder: t('search.placeholder') },
    draw: commune => [h('span', {}, commune.name), h('span', { class: 'option-note' }, `${commune.code} · ${t('search.population', { count: commune.population ?? 0 })}`)],
    none: () => t('search.none'), valueOf: commune => commune.name,
    // The list may still be that of the letters before: what is typed counts, then, not what is marked.
    mayChoose: text => foundFor === text,
    onInput: text => {
      onError(null)
      if (text.length < 2 || accepts(text)) { latest.cancel(); box.withdraw() } else latest.ask(text)
    },
    onChoose,
  })
  box.input.addEventListener('focus', box.reopen)
  if (hint) box.input.setAttribute('aria-describedby', `${box.id}-hint`)
  return {
    node: box.node,
    hint: hint && h('p', { class: 'field-hint', id: `${box.id}-hint` }, hint),
    input: box.input,
    get text() { return box.input.value.trim() },
    clear() { latest.cancel(); box.input.value = ''; box.withdraw() },
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
