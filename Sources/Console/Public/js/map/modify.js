/** Moves corners of polygons, and circles by their centre and edge handles. */
import { changeItems, store } from '../core/state.js'
import { destination, distance } from '../pure/geodesy.js'
import { polygonsOf, tidyRing } from '../pure/zone.js'
import { styles } from './styles.js'
import { geometryFromMap, toMap, toPosition } from './project.js'

/** A finger is wider than a corner. */
const TOLERANCE_PIXELS = matchMedia('(pointer: coarse)').matches ? 22 : 14

/** @param {any} map @param {any} zoneLayer @param {{hold:(id:string|null)=>void}} snapping */
export function modifyZone(map, zoneLayer, snapping) {
  const polygons = new ol.Collection()
  const handles = new ol.source.Vector()
  const handleLayer = new ol.layer.Vector({ source: handles, zIndex: 8, style: feature => (feature.get('handle') === 'centre' ? styles().centre : styles().edge) })
  map.addLayer(handleLayer)

  const modify = new ol.interaction.Modify({ features: polygons, style: () => styles().vertex, pixelTolerance: TOLERANCE_PIXELS, deleteCondition: event => ol.events.condition.altKeyOnly(event) && ol.events.condition.singleClick(event) })
  const drag = new ol.interaction.Translate({ layers: [handleLayer], hitTolerance: TOLERANCE_PIXELS - 2 })

  const itemsWith = (id, patch) => store.get().draft.items.map(item => (item.id === id ? { ...item, ...patch } : item))
  const geometryOf = feature => {
    const geometry = geometryFromMap(feature.getGeometry())
    const rings = polygonsOf(geometry).map(parts => parts.map(tidyRing))
    return geometry.type === 'Polygon' ? { type: 'Polygon', coordinates: rings[0] } : { type: 'MultiPolygon', coordinates: rings }
  }
  const circlePatch = feature => {
    const item = store.get().draft.items.find(one => one.id === feature.get('of'))
    const at = toPosition(feature.getGeometry().getCoordinates())
    if (feature.get('handle') === 'centre') return { id: item.id, patch: { longitude: at[0], latitude: at[1] } }
    return { id: item.id, patch: { metres: Math.max(1, Math.round(distance([item.longitude, item.latitude], at))) } }
  }

  function refresh() {
    const { draft, preview } = store.get()
    if (preview) return
    polygons.clear()
    handles.clear(true)
    for (const item of draft.items) {
      const feature = zoneLayer.source.getFeatureById(item.id)
      if (item.kind === 'polygon' && feature) polygons.push(feature)
      if (item.kind !== 'circle') continue
      const centre = [item.longitude, item.latitude]
      handles.addFeature(new ol.Feature({ geometry: new ol.geom.Point(toMap(centre)), of: item.id, handle: 'centre' }))
      handles.addFeature(new ol.Feature({ geometry: new ol.geom.Point(toMap(destination(centre, item.metres, 90))), of: item.id, handle: 'edge' }))
    }
  }

  let unlisten = null
  modify.on('modifystart', event => {
    const feature = event.features.item(0)
    zoneLayer.hold(feature.getId())
    snapping.hold(feature.getId())
    store.set({ selected: feature.getId() })
    const live = () => store.set({ preview: itemsWith(feature.getId(), { geometry: geometryOf(feature) }) })
    feature.getGeometry().on('change', live)
    unlisten = () => feature.getGeometry().un('change', live)
  })
  modify.on('modifyend', event => {
    unlisten?.()
    const feature = event.features.item(0)
    const items = itemsWith(feature.getId(), { geometry: geometryOf(feature) })
    zoneLayer.hold(null)
    snapping.hold(null)
    changeItems(items)
  })
  drag.on('translatestart', event => {
    const id = event.features.item(0).get('of')
    // Its own ring must not hold it back.
    snapping.hold(id)
    store.set({ selected: id })
  })
  drag.on('translating', event => { const { id, patch } = circlePatch(event.features.item(0)); store.set({ preview: itemsWith(id, patch) }) })
  drag.on('translateend', event => { snapping.hold(null); const { id, patch } = circlePatch(event.features.item(0)); changeItems(itemsWith(id, patch)) })

  map.addInteraction(modify)
  map.addInteraction(drag)
  const unwatch = store.watch(state => state.draft.items, refresh)
  return {
    place: () => {}, finish: () => {}, back: () => {}, abort: () => {}, busy: false,
    stop() { unwatch(); zoneLayer.hold(null); snapping.hold(null); map.removeInteraction(modify); map.removeInteraction(drag); map.removeLayer(handleLayer); if (store.get().preview) store.set({ preview: null }) },
  }
}
