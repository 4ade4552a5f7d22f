/** An address typed and chosen among the server's own places. What is typed is sent in a body, not in an address. */
import { post } from '../core/api.js'
import { combobox } from '../core/combobox.js'
import { h } from '../core/dom.js'
import { t } from '../core/texts.js'
import { createLatest } from '../pure/latest.js'

const LEAST = 4

/** @param {{label:string, value:string, commune:()=>string, onChoose:(place:any)=>void, onInput:()=>void, onError:(error:any)=>void}} options */
export function addressSearch({ label, value, commune, onChoose, onInput, onError }) {
  const latest = createLatest({
    send: (text, signal) => post('/api/register/places', { text }, signal),
    onResult: ({ places }) => box.offer(places),
    onError,
  })
  const box = combobox({
    kind: 'address', label, listLabel: t('register.places'), attributes: { maxlength: '500', value, data: { key: 'address' } },
    draw: place => [h('span', {}, place.label), h('span', { class: 'option-note' }, t(`register.kindOfPlace.${place.kind}`))],
    valueOf: place => place.address,
    onInput: text => {
      onInput()
      if (text.length < LEAST) { latest.cancel(); box.withdraw() } else latest.ask(`${text} ${commune()}`.trim().slice(0, 200))
    },
    onChoose,
  })
  return { node: box.node, input: box.input }
}
