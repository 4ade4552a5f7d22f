/** Communes as vector tiles: ground, coverage, hover, and those chosen in the zone. */
import { store } from '../core/state.js'
import { shownItems } from '../core/state.js'
import { onTheme } from '../core/theme.js'
import { classOf } from '../pure/coverage.js'
import { styles } from './styles.js'

/** Above this many chosen communes their heavy outlines would hide the map. */
const MANY = 12

/** @param {any} map */
export function addCommunes(map) {
  const source = new ol.source.VectorTile({
    format: new ol.format.MVT(),
    url: '/tiles/communes/{z}/{x}/{y}.mvt',
    tileGrid: ol.tilegrid.createXYZ({ minZoom: 5, maxZoom: 13, tileSize: 512 }),
  })
  const ground = new ol.layer.VectorTile({ source, zIndex: 0, declutter: false, renderBuffer: 20, style: groundStyle })
  const chosen = new ol.layer.VectorTile({ source, zIndex: 2, renderBuffer: 20, style: chosenStyle })
  const hover = new ol.layer.VectorTile({ source, zIndex: 3, renderBuffer: 20, style: feature => (feature.get('code') === hovered ? styles().hover : undefined) })
  map.addLayer(ground)
  map.addLayer(chosen)
  map.addLayer(hover)

  let hovered = null
  /** @type {Map<string, string>} */ let roles = new Map()
  /** @type {{code:string, role:string}[]} */ let departments = []
  let many = false

  function groundStyle(feature) {
    const { layers, coverage, background } = store.get()
    const over = background === 'shown' ? 'Over' : ''
    if (!layers.coverage || !coverage) return styles()[`land${over}`]
    const index = classOf(coverage.shares.get(feature.get('code')), coverage.breaks)
    return styles()[`classes${over}`][index ?? 5]
  }
  function chosenStyle(feature) {
    const code = feature.get('code')
    const role = roles.get(code) ?? departments.find(department => code.startsWith(department.code))?.role
    return role ? styles()[`${role}${many ? 'Many' : ''}`] : undefined
  }

  store.watch(state => [shownItems(state), state.counts], ([items, counts]) => {
    // A code of another year is drawn once the server says that it means the whole commune which bears it today.
    const parts = new Set((counts.value?.mapped ?? []).map(one => one.code))
    const isDrawn = (item, code) => !item.vintage || (counts.status === 'ok' && !parts.has(code))
    roles = new Map(items.filter(item => item.kind === 'communes').flatMap(item => item.codes.filter(code => isDrawn(item, code)).map(code => [code, item.role])))
    for (const item of items) if (item.kind === 'epci') for (const code of item.codes ?? []) if (!roles.has(code)) roles.set(code, item.role)
    departments = items.filter(item => item.kind === 'department')
    many = departments.length > 0 || roles.size > MANY
    chosen.changed()
  })
  store.watch(state => [state.layers.coverage, state.coverage, state.background], () => ground.changed(), { now: false })
  onTheme(() => { for (const layer of [ground, chosen, hover]) layer.changed() })

  return {
    source, ground,
    /** @param {string|null} code */
    setHover(code) {
      if (code === hovered) return
      hovered = code
      hover.changed()
    },
    /** @param {number[]} pixel @returns {{code:string, name:string, population:number|null}|null} */
    at(pixel) {
      const feature = map.forEachFeatureAtPixel(pixel, found => found, { layerFilter: layer => layer === ground })
      return feature ? { code: feature.get('code'), name: feature.get('nom'), population: feature.get('population') ?? null } : null
    },
  }
}
