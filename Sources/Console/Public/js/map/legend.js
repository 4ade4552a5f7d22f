/** What is displayed, and what the colours and marks mean, in figures. */
import { get } from '../core/api.js'
import { loadSaved, savedGeometry } from '../core/saved.js'
import { addItem, store } from '../core/state.js'
import { onTheme } from '../core/theme.js'
import { byId, h, render } from '../core/dom.js'
import { announce } from '../core/announce.js'
import { n, t } from '../core/texts.js'
import { breaksFor } from '../pure/coverage.js'
import { errorBox } from '../core/errors.js'
import { stateLegend } from '../panels/state-legend.js'
import { palette } from './palette.js'
import { rememberBackground } from './background.js'

/** Switches; the background's is there where one is configured. */
const LAYERS = ['coverage', 'cells', 'names', 'saved', 'background']

/** @param {{reveal:(ids:string[])=>void}} view */
export function mountLegend(view) {
  const body = byId('legend-body')
  let failure = null

  async function load(layer) {
    failure = null
    try {
      if (layer === 'coverage') {
        const { communes } = await get('/api/coverage/communes')
        const shares = new Map(communes.map(commune => [commune.code, commune.share]))
        store.set({ coverage: { shares, breaks: breaksFor([...shares.values()]) } })
      } else await loadSaved()
    } catch (error) { failure = error; store.set({ layers: { ...store.get().layers, [layer]: false } }) }
    draw()
  }
  function toggle(layer, shown) {
    store.set({ layers: { ...store.get().layers, [layer]: shown } })
    if (layer === 'background') rememberBackground(shown)
    if (shown && (layer === 'coverage' || layer === 'saved')) void load(layer)
  }

  /** One that is shown becomes part of the zone, whatever step one is at. */
  async function pick({ id, name }) {
    failure = null
    try {
      const geometry = await savedGeometry(id)
      store.set({ step: 'zone' })
      view.reveal([addItem({ kind: 'polygon', role: 'alert', name, geometry })])
      announce(t('saved.added', { name }))
    } catch (error) { failure = error; draw() }
  }
  const perimeterLine = one => {
    const isIn = store.get().draft.items.some(item => item.kind === 'polygon' && item.name === one.name)
    const point = id => () => { if (store.get().pointed !== id) store.set({ pointed: id }) }
    return h('li', { class: 'pick', on: { pointerenter: point(one.id), pointerleave: point(null), focusin: point(one.id), focusout: point(null) } }, h('span', { class: 'pick-name' }, one.name),
      h('button', { type: 'button', class: 'button button-small', disabled: isIn || store.get().route.name !== 'draft', data: { key: `saved-${one.id}` }, 'aria-label': t('legend.addNamed', { name: one.name }), on: { click: () => pick(one) } }, t('legend.add')))
  }

  function draw() {
    const { layers, coverage, savedPerimeters, background } = store.get()
    const colours = palette()
    const swatch = (className, colour) => h('span', { class: `swatch ${className}`, 'aria-hidden': 'true', css: colour ? { 'background-color': colour } : {} })
    const ranges = (breaks => [0, ...breaks].map((low, i) => (i === 4 ? t('legend.andMore', { low: n.percent(low) }) : t('legend.range', { low: n.percent(low), high: n.percent(breaks[i]) }))))
    render(body,
      stateLegend(),
      failure && errorBox(failure),
      h('fieldset', { class: 'bare' }, h('legend', { class: 'visually-hidden' }, t('legend.title')), LAYERS.filter(layer => layer !== 'background' || store.get().config.background).map(layer => h('label', { class: 'check' },
        (() => { const input = h('input', { type: 'checkbox', data: { key: `layer-${layer}` }, on: { change: event => toggle(layer, event.target.checked) } }); input.checked = layers[layer]; return input })(), t(`legend.${layer}`)))),
      layers.background && background === 'silent' && h('p', { class: 'muted small' }, t('background.silent')),
      layers.coverage && coverage && h('div', { class: 'legend-block' }, h('p', { class: 'legend-head' }, t('legend.coverageHead')),
        h('ul', { class: 'plain' }, ranges(coverage.breaks).map((text, i) => h('li', {}, swatch('', colours.ramp[i]), text)), h('li', {}, swatch('', colours.unknown), t('legend.unknown')))),
      layers.saved && h('div', { class: 'legend-block' }, h('p', { class: 'legend-head' }, t('legend.pick')),
        savedPerimeters.length === 0 ? h('p', { class: 'muted small' }, t('legend.noPerimeter')) : h('ul', { class: 'plain legend-saved' }, savedPerimeters.map(perimeterLine))),
      h('ul', { class: 'plain legend-block legend-marks' },
        h('li', {}, swatch('swatch-alert'), t('legend.alert')), h('li', {}, swatch('swatch-exclude'), t('legend.exclude')), h('li', {}, swatch('swatch-within'), t('legend.within')), h('li', {}, swatch('swatch-margin'), t('legend.margin')),
        layers.cells && [h('li', {}, swatch('swatch-cell'), t('legend.cell')), h('li', {}, swatch('swatch-cell swatch-cell-in'), t('legend.cellIn')), h('li', {}, swatch('swatch-cell swatch-cell-part'), t('legend.cellPart'))]))
  }
  store.watch(state => [state.layers, state.coverage, state.savedPerimeters, state.draft.items, state.route.name, state.stateMap, state.background], draw)
  onTheme(draw)
  // Open where it leaves the map enough room.
  const details = /** @type {HTMLDetailsElement} */ (byId('legend'))
  details.open = matchMedia('(min-width: 1600px) and (min-height: 800px)').matches
}
