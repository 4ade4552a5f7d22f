/** What end-to-end tests may read: the state and where a position is on screen. Nothing here changes anything. */
import { geometryFromMap } from '../map/project.js'
import { store } from './state.js'
import { draftZone } from '../pure/zone.js'

/** @param {any} map @param {any} zoneLayer @param {any} outlines @param {any} edges what corners stick to */
export function exposeForTests(map, zoneLayer, outlines, edges) {
  Object.defineProperty(window, 'tocsin', { value: Object.freeze({
    /** A copy of the state, maps as objects. */
    get state() {
      const { session, config, coverage, ...rest } = store.get()
      return JSON.parse(JSON.stringify({ ...rest, user: session?.user ?? null, config, coverage: coverage && { breaks: coverage.breaks, communes: coverage.shares.size } }))
    },
    get zone() { return draftZone(store.get().draft) },
    /** Page pixels of [longitude, latitude]. */
    pixel(position) {
      const [x, y] = map.getPixelFromCoordinate(ol.proj.fromLonLat(position))
      const box = map.getTargetElement().getBoundingClientRect()
      return [x + box.left, y + box.top]
    },
    get view() { const view = map.getView(); return { centre: ol.proj.toLonLat(view.getCenter()), zoom: view.getZoom() } },
    get edges() { return edges.getFeatures().map(feature => ({ id: feature.getId(), geometry: geometryFromMap(feature.getGeometry()) })) },
    get features() { return zoneLayer.source.getFeatures().length },
    /** What the server drew: the margin's edge, and ground that no tile has, as GeoJSON in degrees. */
    get outlines() { return outlines.source.getFeatures().map(feature => ({ kind: feature.get('kind'), role: feature.get('role'), geometry: geometryFromMap(feature.getGeometry()) })) },
  }) })
}
