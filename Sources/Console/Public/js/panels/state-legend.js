/** What the squares of a followed campaign mean, with how many people each level has on the map shown. */
import { store } from '../core/state.js'
import { h } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { MARKS } from '../pure/state-cells.js'

const KEYS = { acknowledged: 'acknowledged', reached: 'passed', waiting: 'pending', failed: 'failed', unreachable: 'unreachable' }

/** Null where no campaign is followed. */
export function stateLegend() {
  const { route, stateMap, layers } = store.get()
  if (route.name !== 'campaign') return null
  const box = h('input', { type: 'checkbox', data: { key: 'layer-states' }, on: { change: event => store.set({ layers: { ...store.get().layers, states: event.target.checked } }) } })
  box.checked = layers.states !== false
  return h('div', { class: 'legend-block' }, h('label', { class: 'check' }, box, t('stateMap.layer')),
    stateMap && [h('p', { class: 'legend-head' }, t('stateMap.head')),
      h('ul', { class: 'plain state-legend' }, Object.keys(MARKS).map(level => h('li', {}, h('span', { class: 'state-mark', 'aria-hidden': 'true' }, MARKS[level]), h('span', { class: `key key-${KEYS[level]}`, 'aria-hidden': 'true' }), `${t(`stateMap.${level}`)} : ${n.integer(stateMap.levels[level])}`))),
      h('p', { class: 'field-hint' }, t('stateMap.about')),
      stateMap.withoutPlace > 0 && h('p', { class: 'field-hint' }, t('stateMap.withoutPlace', { count: stateMap.withoutPlace })),
      h('p', { class: 'field-hint' }, t('stateMap.at', { time: n.time(Date.parse(stateMap.at)) }), ' · ', t('stateMap.table'))])
}
