/** Names, each once, at the commune's own centre: tiles cut a commune into pieces and would repeat it. */
import { get } from '../core/api.js'
import { store } from '../core/state.js'
import { onTheme } from '../core/theme.js'
import { nameStyle } from './styles.js'
import { toMap } from './project.js'
import { cellRadius } from '../pure/cells.js'
import { nameShift } from '../pure/labels.js'

const BATCH = 80
/** Smallest population named at a zoom level, so that the big towns come first. */
const floorAt = zoom => (zoom < 7.5 ? 60_000 : zoom < 8.5 ? 8_000 : zoom < 9.5 ? 2_500 : zoom < 10.3 ? 700 : 0)

const LARGE = 10_000

/** @param {any} map @param {{source:any}} communes @param {{source:any, onCells:(f:()=>void)=>void}} cells */
export function addLabels(map, communes, cells) {
  const source = new ol.source.Vector()
  const layer = new ol.layer.Vector({
    source, zIndex: 6, declutter: 'names', updateWhileAnimating: false,
    renderOrder: (a, b) => b.get('population') - a.get('population'),
    style(feature, resolution) {
      const population = feature.get('population')
      if (population < floorAt(map.getView().getZoom())) return undefined
      const large = population >= LARGE
      const name = feature.get('name')
      const [x, y] = feature.getGeometry().getCoordinates()
      const shift = nameShift([x / resolution, -y / resolution], name.length, large ? 14 : 12.5, discs(resolution), large ? 52 : 32)
      return shift === null ? undefined : nameStyle(name, large, shift)
    },
  })
  let known = { resolution: 0, list: [] }
  /** The counts' discs as they stand at a resolution, in pixels of the map. */
  function discs(resolution) {
    if (known.resolution !== resolution) {
      const list = store.get().layers.cells ? cells.source.getFeatures().map(cell => {
        const [x, y] = cell.getGeometry().getCoordinates()
        return { x: x / resolution, y: -y / resolution, radius: cellRadius(cell.get('recipients')) + 1 }
      }) : []
      known = { resolution, list }
    }
    return known.list
  }
  const replace = () => { known.resolution = 0; layer.changed() }
  cells.onCells(replace)
  store.watch(state => state.layers.cells, replace, { now: false })
  map.addLayer(layer)

  /** Codes seen in tiles, with their population. @type {Map<string, number>} */ const seen = new Map()
  const asked = new Set()
  let busy = false

  async function fetchNames() {
    const floor = floorAt(map.getView().getZoom())
    if (busy || !store.get().layers.names) return
    const wanted = [...seen].filter(([code, population]) => population >= floor && !asked.has(code)).sort((a, b) => b[1] - a[1]).slice(0, BATCH).map(([code]) => code)
    if (wanted.length === 0) return
    busy = true
    for (const code of wanted) asked.add(code)
    try {
      const { communes: found } = await get(`/api/communes?codes=${wanted.join(',')}`)
      source.addFeatures(found.filter(commune => commune.centre).map(commune => new ol.Feature({
        geometry: new ol.geom.Point(toMap(commune.centre)), name: commune.name, population: commune.population ?? 0,
      })))
      busy = false
      later()
    } catch {
      // Names are a comfort: the banner already says that the server is out of reach; ask again at the next move.
      busy = false
      for (const code of wanted) asked.delete(code)
    }
  }
  let timer = 0
  const later = () => { clearTimeout(timer); timer = setTimeout(fetchNames, 120) }

  communes.source.on('tileloadend', event => {
    for (const feature of event.tile.getFeatures()) seen.set(feature.get('code'), feature.get('population') ?? 0)
    later()
  })
  map.on('moveend', later)
  store.watch(state => state.layers.names, shown => { layer.setVisible(shown); if (shown) later() })
  onTheme(() => layer.changed())
}
