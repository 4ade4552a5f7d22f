/** What is displayed, and what the colours and marks mean, in figures. */
import { get } from '../core/api.js'
import { store } from '../core/state.js'
import { onTheme } from '../core/theme.js'
import { byId, h, render } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { breaksFor } from '../pure/coverage.js'
import { errorBox } from '../core/errors.js'
import { palette } from './palette.js'

const LAYERS = ['coverage', 'cells', 'names', 'saved']

export function mountLegend() {
  const body = byId('legend-body')
  let failure = null

  async function load(layer) {
    failure = null
    try {
      if (layer === 'coverage') {
        const { communes } = await get('/api/coverage/communes')
        const shares = new Map(communes.map(commune => [commune.code, commune.share]))
        store.set({ coverage: { shares, breaks: breaksFor([...shares.values()]) } })
      } else store.set({ savedPerimeters: (await get('/api/perimeters')).perimeters })
    } catch (error) { failure = error; store.set({ layers: { ...store.get().layers, [layer]: false } }) }
    draw()
  }
  function toggle(layer, shown) {
    store.set({ layers: { ...store.get().layers, [layer]: shown } })
    if (shown && (layer === 'coverage' || layer === 'saved')) void load(layer)
  }

  function draw() {
    const { layers, coverage } = store.get()
    const colours = palette()
    const swatch = (className, colour) => h('span', { class: `swatch ${className}`, 'aria-hidden': 'true', css: colour ? { 'background-color': colour } : {} })
    const ranges = (breaks => [0, ...breaks].map((low, i) => (i === 4 ? t('legend.andMore', { low: n.percent(low) }) : t('legend.range', { low: n.percent(low), high: n.percent(breaks[i]) }))))
    render(body,
      failure && errorBox(failure),
      h('fieldset', { class: 'bare' }, h('legend', { class: 'visually-hidden' }, t('legend.title')), LAYERS.map(layer => h('label', { class: 'check' },
        (() => { const input = h('input', { type: 'checkbox', data: { key: `layer-${layer}` }, on: { change: event => toggle(layer, event.target.checked) } }); input.checked = layers[layer]; return input })(), t(`legend.${layer}`)))),
      layers.coverage && coverage && h('div', { class: 'legend-block' }, h('p', { class: 'legend-head' }, t('legend.coverageHead')),
        h('ul', { class: 'plain' }, ranges(coverage.breaks).map((text, i) => h('li', {}, swatch('', colours.ramp[i]), text)), h('li', {}, swatch('', colours.unknown), t('legend.unknown')))),
      h('ul', { class: 'plain legend-block legend-marks' },
        h('li', {}, swatch('swatch-alert'), t('legend.alert')), h('li', {}, swatch('swatch-exclude'), t('legend.exclude')), h('li', {}, swatch('swatch-within'), t('legend.within')), h('li', {}, swatch('swatch-margin'), t('legend.margin')),
        layers.cells && [h('li', {}, swatch('swatch-cell'), t('legend.cell')), h('li', {}, swatch('swatch-cell swatch-cell-in'), t('legend.cellIn')), h('li', {}, swatch('swatch-cell swatch-cell-part'), t('legend.cellPart'))]))
  }
  store.watch(state => [state.layers, state.coverage], draw)
  onTheme(draw)
  // Open where it leaves the map enough room.
  const details = /** @type {HTMLDetailsElement} */ (byId('legend'))
  details.open = matchMedia('(min-width: 1600px) and (min-height: 800px)').matches
}
