/** A small map on which somebody's place is seen and moved: by a click, by dragging, or by the arrow keys. */
import { createMap, positionText } from '../map/map.js'
import { toMap, toPosition } from '../map/project.js'
import { palette } from '../map/palette.js'
import { post } from '../core/api.js'
import { onTheme } from '../core/theme.js'
import { h } from '../core/dom.js'
import { t } from '../core/texts.js'
import { moved } from '../pure/register.js'

const FONT = 'B612, "DejaVu Sans", sans-serif'
const LEAST_ZOOM = 14
const REST_MS = 200
const STEP_METRES = 5
const LONG_STEP_METRES = 50
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }

/** @param {{position:[number,number]|null, uncertaintyMetres:number|null, bounds:number[]|null, isWritable:boolean, onMove:(position:[number,number])=>void}} options */
export function placeMap({ position, uncertaintyMetres, bounds, isWritable, onMove }) {
  const { Style, Fill, Stroke, Circle } = ol.style
  const target = h('div', { class: 'place-map', tabindex: '0', role: isWritable ? 'application' : 'img', 'aria-label': t(isWritable ? 'register.mapKeys' : 'register.map') })
  const said = h('p', { class: 'small muted', role: 'status' })
  const point = new ol.Feature(), disc = new ol.Feature()
  const source = new ol.source.Vector()
  const around = new ol.source.Vector()
  let map = null, at = position, radius = uncertaintyMetres, timer = 0, shown = ''

  const style = feature => {
    const colours = palette()
    return feature === disc
      ? new Style({ fill: new Fill({ color: colours.withinFill }), stroke: new Stroke({ color: colours.withinLine, width: 2, lineDash: [6, 4] }) })
      : new Style({ image: new Circle({ radius: 8, fill: new Fill({ color: colours.alertLine }), stroke: new Stroke({ color: '#ffffff', width: 2.5 }) }) })
  }
  function draw() {
    source.clear()
    said.textContent = at ? (radius > 0 ? t('register.within', { metres: Math.round(radius), position: positionText(at) }) : t('register.at', { position: positionText(at) })) : t('register.noPoint')
    if (!at) return
    point.setGeometry(new ol.geom.Point(toMap(at)))
    source.addFeature(point)
    if (radius > 0) {
      disc.setGeometry(ol.geom.Polygon.fromCircle ? ol.geom.Polygon.fromCircle(new ol.geom.Circle(toMap(at), radius / Math.cos(at[1] * Math.PI / 180))) : new ol.geom.Circle(toMap(at), radius / Math.cos(at[1] * Math.PI / 180)))
      source.addFeature(disc)
    }
  }
  /** The numbers and streets around: by them a place is found where no picture of the ground is at hand. */
  async function find() {
    if (!map || map.getView().getZoom() < LEAST_ZOOM) { around.clear(); shown = ''; return }
    const [longitude, latitude] = toPosition(map.getView().getCenter())
    const asked = `${longitude.toFixed(4)} ${latitude.toFixed(4)}`
    if (asked === shown) return
    shown = asked
    try {
      const { places } = await post('/api/register/places', { near: { longitude, latitude } })
      if (!map || shown !== asked) return
      around.clear()
      around.addFeatures(places.map(one => new ol.Feature({ geometry: new ol.geom.Point(toMap(one.position)), name: one.address || one.commune })))
    } catch { /* Names are a comfort: the point is placed without them. */ }
  }
  function nameStyle(feature) {
    const colours = palette()
    return new Style({
      image: new Circle({ radius: 2.5, fill: new Fill({ color: colours.label }) }),
      text: new ol.style.Text({ text: feature.get('name'), font: `12px ${FONT}`, offsetY: -9, fill: new Fill({ color: colours.label }), stroke: new Stroke({ color: colours.halo, width: 3 }) }),
    })
  }
  function move(place) {
    at = place.map(one => Math.round(one * 1e7) / 1e7)
    radius = 0
    draw()
    onMove(at)
  }

  return {
    node: h('div', { class: 'place' }, target, said),
    /** Once the node is in the page. */
    mount() {
      map = createMap(target, bounds)
      map.addLayer(new ol.layer.VectorTile({
        source: new ol.source.VectorTile({ format: new ol.format.MVT(), url: '/tiles/communes/{z}/{x}/{y}.mvt', tileGrid: ol.tilegrid.createXYZ({ minZoom: 5, maxZoom: 13, tileSize: 512 }) }),
        style: () => new Style({ fill: new Fill({ color: palette().land }), stroke: new Stroke({ color: palette().border, width: 1 }) }),
      }))
      const names = new ol.layer.Vector({ source: around, style: nameStyle, zIndex: 1, declutter: true })
      const layer = new ol.layer.Vector({ source, style, zIndex: 2 })
      map.addLayer(names)
      map.addLayer(layer)
      onTheme(() => { if (map) for (const one of map.getLayers().getArray()) one.changed() })
      map.on('moveend', () => { clearTimeout(timer); timer = setTimeout(find, REST_MS) })
      if (at) map.getView().setCenter(toMap(at))
      if (at) map.getView().setZoom(17)
      else if (bounds) map.getView().fit(ol.proj.transformExtent(bounds, 'EPSG:4326', 'EPSG:3857'), { padding: [10, 10, 10, 10] })
      draw()
      if (!isWritable) return
      map.on('click', event => move(toPosition(event.coordinate)))
      const drag = new ol.interaction.Translate({ features: new ol.Collection([point]), hitTolerance: 12 })
      drag.on('translateend', () => move(toPosition(point.getGeometry().getCoordinates())))
      map.addInteraction(drag)
      target.addEventListener('keydown', event => {
        const arrow = ARROWS[event.key]
        if (!arrow || event.ctrlKey || event.altKey) return
        event.preventDefault()
        event.stopPropagation()
        const step = event.shiftKey ? LONG_STEP_METRES : STEP_METRES
        const from = at ?? toPosition(map.getView().getCenter())
        move(moved(from, arrow[0] * step, arrow[1] * step))
        if (!ol.extent.containsCoordinate(map.getView().calculateExtent(map.getSize()), toMap(at))) map.getView().setCenter(toMap(at))
      }, true)
    },
    /** Shows another place, as one that was chosen elsewhere. @param {[number, number]|null} place @param {number|null} [metres] */
    show(place, metres = 0) {
      at = place
      radius = metres
      draw()
      if (at && map) { map.getView().setCenter(toMap(at)); map.getView().setZoom(Math.max(17, map.getView().getZoom())) }
    },
    dispose() { clearTimeout(timer); map?.setTarget(undefined); map = null },
  }
}
