/** The zone's polygons and circles, and the place of a fault. */
import { shownItems, store } from '../core/state.js'
import { onTheme } from '../core/theme.js'
import { circleRing } from '../pure/geodesy.js'
import { styles } from './styles.js'
import { extentToMap, geometryToMap, ringToMap, toMap } from './project.js'

/** @param {import('../pure/zone.js').CircleItem} item */
const circleGeometry = item => new ol.geom.Polygon([ringToMap(circleRing([item.longitude, item.latitude], item.metres))])

/** @param {any} map */
export function addZoneLayer(map) {
  const source = new ol.source.Vector()
  const layer = new ol.layer.Vector({
    source, zIndex: 4, updateWhileInteracting: true, updateWhileAnimating: true,
    style(feature) {
      const bold = feature.getId() === store.get().selected
      return styles()[feature.get('role') + (bold ? 'Bold' : '')]
    },
  })
  const faultSource = new ol.source.Vector()
  map.addLayer(layer)
  map.addLayer(new ol.layer.Vector({ source: faultSource, zIndex: 20, style: () => styles().fault }))

  /** Items drawn now: those being dragged are left alone, or the pointer would lose them. */
  let held = null
  function sync(items) {
    const wanted = new Map(items.filter(item => item.kind === 'polygon' || item.kind === 'circle').map(item => [item.id, item]))
    for (const feature of source.getFeatures()) if (!wanted.has(feature.getId())) source.removeFeature(feature)
    for (const [id, item] of wanted) {
      let feature = source.getFeatureById(id)
      if (!feature) { feature = new ol.Feature(); feature.setId(id); source.addFeature(feature) }
      if (feature.get('item') === item || held === id) continue
      feature.setProperties({ item, role: item.role, kind: item.kind })
      feature.setGeometry(item.kind === 'circle' ? circleGeometry(item) : geometryToMap(item.geometry))
    }
  }
  store.watch(shownItems, sync)
  store.watch(state => state.selected, () => layer.changed(), { now: false })
  store.watch(state => state.fault, fault => {
    faultSource.clear(true)
    if (fault) faultSource.addFeature(new ol.Feature(new ol.geom.Point(toMap(fault.position))))
  })
  onTheme(() => layer.changed())

  return {
    source, layer,
    /** @param {string|null} id */
    hold(id) { held = id },
    /** @param {any[]} items @returns {number[]} extent of the items in the map's metres; empty when none has one */
    extentOf(items) {
      const extent = ol.extent.createEmpty()
      for (const item of items) {
        if (item.kind === 'polygon') ol.extent.extend(extent, geometryToMap(item.geometry).getExtent())
        else if (item.kind === 'circle') ol.extent.extend(extent, circleGeometry(item).getExtent())
        else if (item.bounds) ol.extent.extend(extent, extentToMap(item.bounds))
      }
      return extent
    },
  }
}
