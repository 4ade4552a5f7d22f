/** Saved perimeters to look at, as tiles: what is added to a zone is asked for exact. */
import { store } from '../core/state.js'
import { onTheme } from '../core/theme.js'
import { h } from '../core/dom.js'
import { styles } from './styles.js'

const TOLERANCE_PIXELS = 4

/** @param {any} map */
export function addSavedLayer(map) {
  const source = new ol.source.VectorTile({
    format: new ol.format.MVT(),
    tileGrid: ol.tilegrid.createXYZ({ minZoom: 5, maxZoom: 13, tileSize: 512 }),
  })
  const layer = new ol.layer.VectorTile({
    source, zIndex: 3, renderBuffer: 20, visible: false,
    style: feature => (feature.getId() === store.get().pointed ? styles().savedBold : styles().saved),
  })
  map.addLayer(layer)
  const label = h('p', { class: 'map-name', hidden: true })
  const overlay = new ol.Overlay({ element: label, offset: [12, -12], positioning: 'bottom-left', stopEvent: false })
  map.addOverlay(overlay)

  store.watch(state => [state.layers.saved, state.savedVersion], ([shown, version]) => {
    const wanted = shown && version !== ''
    // The version is in the address: another state of the perimeters is other tiles.
    if (wanted) source.setUrl(`/tiles/perimeters/{z}/{x}/{y}.mvt?v=${version}`)
    layer.setVisible(wanted)
    if (!wanted) point(null)
  })
  store.watch(state => state.pointed, () => layer.changed(), { now: false })
  onTheme(() => layer.changed())

  /** @param {any} feature @param {number[]} [at] */
  function point(feature, at) {
    const id = feature?.getId() ?? null
    if (store.get().pointed !== id) store.set({ pointed: id })
    label.hidden = !feature
    if (!feature) return
    label.textContent = feature.get('nom')
    overlay.setPosition(at)
  }
  let frame = 0
  map.on('pointermove', event => {
    if (!layer.getVisible() || event.dragging) return
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(() => point(map.forEachFeatureAtPixel(event.pixel, found => found, { layerFilter: one => one === layer, hitTolerance: TOLERANCE_PIXELS }), event.coordinate))
  })
  map.getViewport().addEventListener('pointerleave', () => { cancelAnimationFrame(frame); point(null) })
}
