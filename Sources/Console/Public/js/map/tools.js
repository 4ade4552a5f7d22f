/** One tool at a time: what the pointer and the keyboard do on the map. */
import { addItem, changeItems, store } from '../core/state.js'
import { announce } from '../core/announce.js'
import { n, t } from '../core/texts.js'
import { freeName, withHole } from '../pure/zone.js'
import { drawCircle } from './draw-circle.js'
import { drawRing } from './draw-ring.js'
import { modifyZone } from './modify.js'
import { pickCommunes } from './pick-communes.js'
import { createSnapping, SNAPPING_TOOLS } from './snapping.js'

/**
 * @param {any} map
 * @param {{communes:any, zoneLayer:any, onHint:(text:string|null)=>void}} parts
 */
export function createTools(map, { communes, zoneLayer, onHint }) {
  /** @type {any} */ let active = null
  const snapping = createSnapping(map, communes)
  const items = () => store.get().draft.items
  const previewWith = item => store.set({ preview: item ? [...items(), { id: 'sketch', ...item }] : null })
  const polygon = (ring, role = 'alert') => ({ kind: 'polygon', role, name: freeName(items(), k => t(role === 'alert' ? 'zone.polygonName' : 'zone.exclusionName', { count: k })), geometry: { type: 'Polygon', coordinates: [ring] } })
  const circle = values => ({ kind: 'circle', role: 'alert', name: freeName(items(), k => t('zone.circleName', { count: k })), ...values })

  function cut(ring) {
    const holed = withHole(items(), ring)
    if (holed) { changeItems(holed); announce(t('zone.holeCut')); return }
    // Not wholly inside one polygon: what was meant is to leave these people out, so say it that way.
    addItem(polygon(ring, 'exclude'))
    onHint(t('map.holeAsExclusion'))
    announce(t('map.holeAsExclusion'))
  }
  const previewHole = ring => store.set({ preview: ring ? withHole(items(), ring) ?? [...items(), { id: 'sketch', ...polygon(ring, 'exclude') }] : null })

  const starters = {
    move: () => null,
    polygon: () => drawRing(map, { snapped: snapping.at, onSketch: ring => previewWith(ring && polygon(ring)), onRing: ring => { addItem(polygon(ring)); use('move') } }),
    hole: () => drawRing(map, { snapped: snapping.at, onSketch: previewHole, onRing: ring => { use('move'); cut(ring) } }),
    circle: () => drawCircle(map, {
      onSketch: values => { previewWith(values && circle(values)); onHint(values ? t('map.circleRadius', { radius: n.distance(values.metres) }) : null) },
      onCircle: values => { addItem(circle(values)); use('move') },
    }),
    communes: () => pickCommunes(map, communes, onHint),
    modify: () => modifyZone(map, zoneLayer, snapping),
  }

  /** @param {string} tool */
  function use(tool) {
    active?.stop()
    active = null
    onHint(null)
    if (store.get().preview) store.set({ preview: null })
    store.set({ tool })
    active = starters[tool]()
    snapping.refresh()
    zoomByDoubleClick(tool === 'move')
    map.getTargetElement().dataset.tool = tool
  }

  let pending = 0
  /** Off at once; on again only after the double click that ended a drawing has passed. */
  function zoomByDoubleClick(wanted) {
    clearTimeout(pending)
    const zoom = map.getInteractions().getArray().find(one => one instanceof ol.interaction.DoubleClickZoom)
    if (wanted) pending = setTimeout(() => zoom.setActive(true), 400)
    else zoom.setActive(false)
  }

  const centre = () => map.getView().getCenter()
  const viewport = map.getTargetElement()
  viewport.addEventListener('keydown', event => {
    if (event.target !== viewport || !active || event.ctrlKey || event.metaKey || event.altKey) return
    const actions = { ...(SNAPPING_TOOLS.includes(store.get().tool) ? { a: snapping.toggle, A: snapping.toggle } : {}), ' ': () => active.place(centre()), Enter: () => active.finish(), Backspace: () => active.back(), Escape: () => { if (active.busy) active.abort(); else use('move') } }
    const action = actions[event.key]
    if (!action) return
    event.preventDefault()
    action()
    if (event.key === ' ' && store.get().sketch) announce(t('map.pointPlaced', { count: store.get().sketch.points }))
  })
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || event.defaultPrevented || !active || document.querySelector('dialog[open]')) return
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return
    if (active.busy) active.abort()
    else use('move')
  })
  // With the keyboard the map moves under a fixed cross: a circle's edge follows it.
  map.getView().on('change:center', () => { if (document.activeElement === viewport) active?.move?.(centre()) })

  return { use, toggleSnap: snapping.toggle, edges: snapping.source, finish: () => active?.finish(), back: () => active?.back(), stop: () => use('move') }
}
