/** What end-to-end tests may read: the state and where a position is on screen. Nothing here changes anything. */
import { store } from './state.js'
import { zoneOf } from '../pure/zone.js'

/** @param {any} map @param {any} zoneLayer */
export function exposeForTests(map, zoneLayer) {
  Object.defineProperty(window, 'tocsin', { value: Object.freeze({
    /** A copy of the state, maps as objects. */
    get state() {
      const { session, config, coverage, ...rest } = store.get()
      return JSON.parse(JSON.stringify({ ...rest, user: session?.user ?? null, config, coverage: coverage && { breaks: coverage.breaks, communes: coverage.shares.size } }))
    },
    get zone() { return zoneOf(store.get().draft.items) },
    /** Page pixels of [longitude, latitude]. */
    pixel(position) {
      const [x, y] = map.getPixelFromCoordinate(ol.proj.fromLonLat(position))
      const box = map.getTargetElement().getBoundingClientRect()
      return [x + box.left, y + box.top]
    },
    get view() { const view = map.getView(); return { centre: ol.proj.toLonLat(view.getCenter()), zoom: view.getZoom() } },
    get features() { return zoneLayer.source.getFeatures().length },
  }) })
}
