/** A followed campaign on the map: squares made by the server, each by its most frequent state, in colour, mark and figure. */
import { get } from '../core/api.js'
import { store } from '../core/state.js'
import { onTheme } from '../core/theme.js'
import { n } from '../core/texts.js'
import { cellLabel, cellRadius } from '../pure/cells.js'
import { createLatest } from '../pure/latest.js'
import { MARKS, stateOfCell, sums } from '../pure/state-cells.js'
import { FONT } from './styles.js'
import { extentToBounds, toMap } from './project.js'

const { Style, Fill, Stroke, RegularShape, Text } = ol.style
const variable = name => getComputedStyle(document.body).getPropertyValue(name).trim()
const COLOURS = { acknowledged: '--ack', reached: '--passed', waiting: '--pending', failed: '--failed', unreachable: '--unreachable' }

/** @param {any} map */
export function addStateCells(map) {
  const source = new ol.source.Vector()
  let colours = null
  const paint = () => { colours = { ...Object.fromEntries(Object.entries(COLOURS).map(([level, name]) => [level, variable(name)])), panel: variable('--panel'), text: variable('--text') } }
  const layer = new ol.layer.Vector({
    source, zIndex: 6, visible: false, renderOrder: (a, b) => a.get('recipients') - b.get('recipients'),
    style(feature) {
      if (!colours) paint()
      const { level, recipients, hasFailed } = feature.getProperties()
      const radius = cellRadius(recipients) + 12
      const box = (size, fill, line, width, move) => new RegularShape({ points: 4, angle: Math.PI / 4, radius: size, fill: new Fill({ color: fill }), stroke: new Stroke({ color: line, width }), displacement: move })
      const square = new Style({ image: box(radius, colours.panel, colours[level], 4), text: new Text({ text: `${MARKS[level]} ${cellLabel(recipients, n.integer)}`, font: `bold 11px ${FONT}`, fill: new Fill({ color: colours.text }), offsetY: 1 }) })
      if (!hasFailed || level === 'failed') return square
      const corner = radius * Math.SQRT1_2
      return [square, new Style({ image: box(9, colours.panel, colours.failed, 2, [corner, corner]), text: new Text({ text: MARKS.failed, font: `bold 10px ${FONT}`, fill: new Fill({ color: colours.failed }), offsetX: corner, offsetY: 1 - corner }) })]
    },
  })
  map.addLayer(layer)

  const shows = () => { const { route, followed, layers } = store.get(); return route.name === 'campaign' && Boolean(followed?.campaign) && layers.states !== false }
  const latest = createLatest({
    wait: 250,
    send: ({ id, words }, signal) => get(`/api/campaigns/${encodeURIComponent(id)}/cells?${new URLSearchParams(words)}`, signal),
    onResult(answer, question) {
      if (store.get().followed?.id !== question.id) return
      source.clear(true)
      source.addFeatures(answer.cells.map(cell => { const { level, hasFailed } = stateOfCell(cell.states); return new ol.Feature({ geometry: new ol.geom.Point(toMap(cell.position)), recipients: cell.recipients, level, hasFailed }) }))
      store.set({ stateMap: { at: answer.at, withoutPlace: answer.withoutPlace, levels: sums(answer.cells) } })
    },
    onError() { /* the counters say what happens; the next figure asks again */ },
  })
  function refresh() {
    const size = map.getSize()
    if (!shows() || !size || size[0] < 10) return
    const view = map.getView()
    const [west, south, east, north] = extentToBounds(view.calculateExtent(size))
    latest.ask({ id: store.get().followed.id, words: { west: Math.max(-180, west), south: Math.max(-85, south), east: Math.min(180, east), north: Math.min(85, north), zoom: Math.round(view.getZoom()) } })
  }
  let due = 0
  /** While figures move the map follows them, at a pace that a hundred followers can keep. */
  const soon = () => { if (due === 0) due = setTimeout(() => { due = 0; if (!document.hidden) refresh() }, 3000) }
  map.on('moveend', refresh)
  store.watch(state => [state.route.name, state.followed?.id, Boolean(state.followed?.campaign), state.layers.states], () => { layer.setVisible(shows()); if (!shows()) { source.clear(true); if (store.get().stateMap) store.set({ stateMap: null }) } else refresh() })
  store.watch(state => state.followed?.campaign?.progress, progress => { if (progress && shows()) soon() }, { now: false })
  onTheme(() => { paint(); layer.changed() })
}
