/**
 * Corners stick to the communes' edges and to what is in the zone already. Tiles are simplified: they say which communes are in
 * sight, and the server gives these communes' edges as it judges by them.
 */
import { post } from '../core/api.js'
import { announce } from '../core/announce.js'
import { store } from '../core/state.js'
import { t } from '../core/texts.js'
import { circleRing } from '../pure/geodesy.js'
import { boundedSnap, edgesToAsk, SNAP_PIXELS, SNAP_PIXELS_TOUCH, trimmed } from '../pure/snapping.js'
import { geometryToMap, ringToMap } from './project.js'

const KEY = 'tocsin.snap'
/** Tools whose corners stick. */
export const SNAPPING_TOOLS = ['polygon', 'hole', 'modify']
/** Questions in the air at once: counting goes on beside them. */
const AT_ONCE = 3

const isTouch = () => matchMedia('(pointer: coarse)').matches
const tolerance = () => (isTouch() ? SNAP_PIXELS_TOUCH : SNAP_PIXELS)
const wasOn = () => { try { return localStorage.getItem(KEY) !== 'off' } catch { return true } }

/** @param {any} map @param {any} communes the tiles' layer */
export function createSnapping(map, communes) {
  const source = new ol.source.Vector()
  /** @type {Map<string, any>} edges by commune, in the map's metres; null where there is none */
  const edges = new Map()
  /** Communes whose edges are on their way or did not come, and those that did not come: asked again when the view moves. */
  const asked = new Set(), failed = new Set()
  /** @type {Set<string>} */ let inSight = new Set()
  /** @type {any} */ let snap = null
  let held = null
  let round = 0
  store.set({ snap: { on: wasOn(), tooMany: false, edges: 0 } })
  const patch = values => store.set({ snap: { ...store.get().snap, ...values } })
  const isActive = () => store.get().snap.on && SNAPPING_TOOLS.includes(store.get().tool)

  function put(key, geometry) {
    const old = source.getFeatureById(key)
    if (old) source.removeFeature(old)
    if (!geometry) return
    const feature = new ol.Feature({ geometry })
    feature.setId(key)
    source.addFeature(feature)
  }

  /**
   * What is in the zone, but for what is being moved, since a corner must be free to leave its own place, and for what a hole is
   * cut into: a hole that touches its polygon's edge is none.
   */
  function putItems() {
    const isFree = item => item.id !== held && (item.kind === 'circle' || item.kind === 'polygon' && !(store.get().tool === 'hole' && item.role === 'alert'))
    const items = isActive() ? store.get().draft.items.filter(isFree) : []
    const wanted = new Set(items.map(item => `item ${item.id}`))
    for (const feature of source.getFeatures()) if (feature.getId().startsWith('item ') && !wanted.has(feature.getId())) source.removeFeature(feature)
    for (const item of items) put(`item ${item.id}`, item.kind === 'circle' ? new ol.geom.Polygon([ringToMap(circleRing([item.longitude, item.latitude], item.metres))]) : geometryToMap(item.geometry))
  }

  const count = () => patch({ edges: source.getFeatures().filter(one => one.getId().startsWith('commune ')).length })

  async function putEdges() {
    const own = (round += 1)
    if (!isActive()) return
    const inView = communes.ground.getFeaturesInExtent(map.getView().calculateExtent(map.getSize())).map(feature => feature.get('code')).filter(Boolean)
    const { shown, wanted, tooMany } = edgesToAsk(inView, code => edges.has(code))
    inSight = new Set(shown)
    patch({ tooMany })
    for (const feature of source.getFeatures()) if (feature.getId().startsWith('commune ') && !shown.includes(feature.getId().slice(8))) source.removeFeature(feature)
    for (const code of shown) if (edges.get(code) && !source.getFeatureById(`commune ${code}`)) put(`commune ${code}`, edges.get(code))
    const queue = wanted.filter(code => !asked.has(code))
    const work = async () => {
      for (let code = queue.shift(); code !== undefined && own === round; code = queue.shift()) {
        asked.add(code)
        try {
          const { geometry } = await post('/api/zone/shape', { zone: { type: 'communes', codes: [code] }, toleranceMetres: 0 })
          asked.delete(code)
          edges.set(code, geometry && geometryToMap(geometry))
          if (isActive() && inSight.has(code)) { put(`commune ${code}`, edges.get(code)); count() }
        } catch { failed.add(code) /* drawn freely there */ }
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    if (own === round) { trimmed(edges, shown); count() }
  }

  function refresh() {
    if (snap) { map.removeInteraction(snap); snap = null }
    putItems()
    if (!isActive()) { source.clear(true); round += 1; return }
    void putEdges()
    // Last in, first asked: it moves the pointer's place before the tool sees it.
    snap = new ol.interaction.Snap({ source, pixelTolerance: tolerance() })
    map.addInteraction(snap)
  }

  map.on('moveend', () => {
    for (const code of failed) asked.delete(code)
    failed.clear()
    void putEdges()
  })
  map.on('rendercomplete', () => { if (isActive() && source.getFeatures().length === 0 && !store.get().snap.tooMany) void putEdges() })
  store.watch(state => state.draft.items, () => { if (isActive()) putItems() }, { now: false })

  function toggle() {
    const on = !store.get().snap.on
    patch({ on })
    try { localStorage.setItem(KEY, on ? 'on' : 'off') } catch { /* until the page is left */ }
    refresh()
    announce(t(on ? 'snap.nowOn' : 'snap.nowOff'))
  }

  return {
    refresh, toggle, source,
    /** @param {string|null} id the item being moved */
    hold(id) { held = id; if (isActive()) putItems() },
    /** Where a corner placed there goes, for the keyboard. @param {[number, number]} coordinate in the map's metres */
    at(coordinate) {
      if (!snap) return coordinate
      const found = snap.snapTo(map.getPixelFromCoordinate(coordinate), coordinate, map)
      return boundedSnap(coordinate, found?.vertex ?? null, tolerance() * map.getView().getResolution())
    },
  }
}
