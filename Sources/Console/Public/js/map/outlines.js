/**
 * Ground that only the server can draw: how far a margin reaches, and codes that no tile of today's communes has. Who is inside
 * is never decided on it.
 */
import { post } from '../core/api.js'
import { shownItems, shownMargin, store } from '../core/state.js'
import { onTheme } from '../core/theme.js'
import { createLatest } from '../pure/latest.js'
import { outlinesWanted, widenedGroundOf } from '../pure/zone.js'
import { styles } from './styles.js'
import { geometryToMap } from './project.js'

/** A drawn margin may be this much too wide, as a share of it: always outward, and less than its line is thick. */
const TOLERANCE_SHARE = 0.01
/** Metres; boundaries on a map are no finer. */
const PART_TOLERANCE_METRES = 2

/** @param {any} map */
export function addOutlines(map) {
  const source = new ol.source.Vector()
  const layer = new ol.layer.Vector({
    source, zIndex: 3, updateWhileInteracting: true, updateWhileAnimating: true,
    style: feature => (feature.get('kind') === 'margin' ? styles().margin : styles()[feature.get('role')]),
  })
  map.addLayer(layer)
  onTheme(() => layer.changed())
  const clear = kind => { for (const feature of source.getFeatures()) if (feature.get('kind') === kind) source.removeFeature(feature) }
  const show = (kind, role, geometry) => { if (geometry) source.addFeature(new ol.Feature({ kind, role, geometry: geometryToMap(geometry) })) }

  const margin = createLatest({
    wait: 120,
    send: (question, signal) => post('/api/zone/shape', question, signal),
    onResult({ geometry }) { clear('margin'); show('margin', 'alert', geometry) },
    // The panel says what is wrong with the zone; an outline that is no more true is taken away.
    onError: () => clear('margin'),
  })
  store.watch(state => [shownItems(state), shownMargin(state)], ([items, metres]) => {
    const zone = widenedGroundOf(items, { margin: metres })
    if (zone) margin.ask({ zone, toleranceMetres: Math.min(50, toleranceOf(items, metres)) })
    else { margin.cancel(); clear('margin') }
  })

  let asked = ''
  store.watch(state => [shownItems(state), state.counts.value, state.route.name], ([items, counts, route]) => {
    const mapped = route === 'campaign' ? null : new Set((counts?.mapped ?? []).map(one => one.code))
    const wanted = outlinesWanted(items, mapped)
    const key = JSON.stringify(wanted)
    if (key === asked) return
    asked = key
    void parts(wanted, key)
  })
  async function parts(wanted, key) {
    const found = await Promise.all(wanted.map(async ({ role, zone }) => {
      try { return { role, geometry: (await post('/api/zone/shape', { zone, toleranceMetres: PART_TOLERANCE_METRES })).geometry } } catch { return { role, geometry: null } }
    }))
    if (key !== asked) return
    clear('part')
    for (const { role, geometry } of found) show('part', role, geometry)
  }
  return { source }
}

const toleranceOf = (items, metres) => Math.max(metres, ...items.map(item => item.margin ?? 0)) * TOLERANCE_SHARE
