/** Where recipients are: cells made by the server with a count each, never a person's position. */
import { post } from '../core/api.js'
import { shownZone, shownZoneKeys, store } from '../core/state.js'
import { onTheme } from '../core/theme.js'
import { n } from '../core/texts.js'
import { cellLabel, cellRadius, cellSide } from '../pure/cells.js'
import { createLatest } from '../pure/latest.js'
import { cellStyle } from './styles.js'
import { extentToBounds, toMap } from './project.js'

/** @param {any} map */
export function addCells(map) {
  const source = new ol.source.Vector()
  const layer = new ol.layer.Vector({
    source, zIndex: 5, renderOrder: (a, b) => a.get('recipients') - b.get('recipients'), updateWhileInteracting: true,
    style(feature) {
      const cell = feature.getProperties()
      const side = cellSide(cell)
      return cellStyle(side, cellRadius(cell.recipients), cellLabel(side === 'part' ? cell.inside : cell.recipients, n.integer))
    },
  })
  map.addLayer(layer)

  let changed = () => {}
  const latest = createLatest({
    wait: 220,
    send: (question, signal) => post('/api/cells', question, signal),
    onResult({ cells }) {
      source.clear(true)
      source.addFeatures(cells.filter(cell => cell.recipients > 0).map(cell => new ol.Feature({ geometry: new ol.geom.Point(toMap(cell.position)), recipients: cell.recipients, inside: cell.inside ?? 0 })))
      changed()
    },
    onError(_, question) {
      // A zone that cannot be counted (the panel says why) must not hide where people are.
      if (question.zone) latest.ask({ ...question, zone: null })
    },
  })
  // A followed campaign has squares of its own.
  const shows = ({ layers, route } = store.get()) => layers.cells && (route.name !== 'campaign' || layers.states === false)
  function refresh() {
    const size = map.getSize()
    if (!shows() || !size || size[0] < 10) return
    const view = map.getView()
    const [w, s, e, north] = extentToBounds(view.calculateExtent(size))
    latest.ask({ bounds: [Math.max(-180, w), Math.max(-85, s), Math.min(180, e), Math.min(85, north)], zoom: Math.round(view.getZoom()), zone: shownZone() })
  }
  map.on('moveend', refresh)
  store.watch(shownZoneKeys, refresh, { now: false })
  store.watch(shows, shown => { layer.setVisible(shown); if (shown) refresh() })
  store.watch(state => state.connection.ok, ok => { if (ok) refresh() }, { now: false })
  onTheme(() => layer.changed())
  return { source, /** @param {() => void} listener */ onCells(listener) { changed = listener } }
}
