/** The map itself: view, controls, where it looks. Everything on it comes from this server. */
import { n, t } from '../core/texts.js'
import { extentToMap } from './project.js'

/** Mainland France, until the server says which communes are loaded. */
const FRANCE = [-5.2, 41.3, 9.6, 51.1]

/** @param {HTMLElement} target @param {number[]|null} bounds [west, south, east, north] */
export function createMap(target, bounds) {
  const element = (className, text) => Object.assign(document.createElement('span'), { className, textContent: text })
  const map = new ol.Map({
    target,
    controls: [
      new ol.control.Zoom({ zoomInTipLabel: t('map.zoomIn'), zoomOutTipLabel: t('map.zoomOut'), zoomInLabel: element('zoom-sign', '+'), zoomOutLabel: element('zoom-sign', '−') }),
      new ol.control.ScaleLine({ units: 'metric', minWidth: 80 }),
    ],
    interactions: ol.interaction.defaults.defaults({ altShiftDragRotate: false, pinchRotate: false, doubleClickZoom: true }),
    view: new ol.View({ center: ol.proj.fromLonLat([2.5, 46.6]), zoom: 6, minZoom: 5, maxZoom: 18, enableRotation: false, constrainResolution: false }),
  })
  const home = bounds ?? FRANCE
  map.getView().fit(extentToMap(home), { padding: PADDING, size: map.getSize() })
  for (const button of target.querySelectorAll('.ol-zoom button')) button.setAttribute('aria-label', button.title)
  return map
}

const PADDING = [90, 40, 50, 60]
const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches

/** @param {any} map @param {number[]} extent EPSG:3857 */
export function showExtent(map, extent, maxZoom = 13) {
  if (!extent || ol.extent.isEmpty(extent)) return
  map.getView().fit(extent, { padding: PADDING, maxZoom, duration: calm() ? 0 : 250 })
}

/** Smallest side, in pixels, at which an item counts as seen. */
const LEGIBLE = 24

/** @param {any} map @param {number[]} extent what must be in sight @param {number[]} whole what is framed when it is not */
export function revealExtent(map, extent, whole) {
  if (!extent || ol.extent.isEmpty(extent)) return
  const view = map.getView()
  const seen = ol.extent.containsExtent(view.calculateExtent(map.getSize()), extent)
  const side = Math.max(ol.extent.getWidth(extent), ol.extent.getHeight(extent)) / view.getResolution()
  if (!seen || side < LEGIBLE) showExtent(map, seen ? extent : whole)
}

/** @param {any} map @param {[number,number]} position */
export function showPosition(map, position, zoom = 12) {
  const view = map.getView()
  view.animate({ center: ol.proj.fromLonLat(position), zoom: Math.max(view.getZoom(), zoom), duration: calm() ? 0 : 250 })
}

/** @param {[number, number]} position */
export const positionText = position => `${n.degrees(Math.round(position[1] * 1e5) / 1e5)}, ${n.degrees(Math.round(position[0] * 1e5) / 1e5)}`
