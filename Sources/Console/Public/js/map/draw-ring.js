/** Draws a ring, corner by corner, for a polygon or a hole; the figure follows the pointer. */
import { store } from '../core/state.js'
import { styles } from './styles.js'
import { geometryFromMap } from './project.js'
import { tidyRing } from '../pure/zone.js'

/**
 * @param {any} map
 * @param {{onRing:(ring:[number,number][])=>void, onSketch:(ring:[number,number][]|null)=>void, snapped?:(coordinate:any)=>any}} handlers `snapped`: where a corner placed by the keyboard sticks
 */
export function drawRing(map, { onRing, onSketch, snapped = coordinate => coordinate }) {
  const draw = new ol.interaction.Draw({ type: 'Polygon', style: () => styles().sketch, stopClick: true, minPoints: 3, snapTolerance: 14 })
  let sketch = null
  // A sketch starts as its first corner twice, not closed; a finger does not hover, so no move closes it before the second corner.
  const corners = () => (sketch ? Math.max(1, sketch.getGeometry().getCoordinates()[0].length - 2) : 0)
  const report = () => {
    const points = corners()
    store.set({ sketch: sketch ? { points, canFinish: points >= 3 } : { points: 0, canFinish: false } })
    const ring = points >= 2 ? tidyRing(geometryFromMap(sketch.getGeometry()).coordinates[0]) : []
    // The pointer may still stand on the last corner: two distinct corners make no area to count yet.
    onSketch(ring.length >= 4 ? ring : null)
  }
  draw.on('drawstart', event => { sketch = event.feature; sketch.getGeometry().on('change', report); report() })
  draw.on('drawabort', () => { sketch = null; report() })
  draw.on('drawend', event => {
    sketch = null
    store.set({ sketch: { points: 0, canFinish: false } })
    onRing(tidyRing(geometryFromMap(event.feature.getGeometry()).coordinates[0]))
  })
  map.addInteraction(draw)
  store.set({ sketch: { points: 0, canFinish: false } })
  return {
    place: coordinate => { draw.appendCoordinates([snapped(coordinate)]); report() },
    finish: () => { if (corners() >= 3) draw.finishDrawing() },
    back: () => { if (corners() <= 1) draw.abortDrawing(); else draw.removeLastPoint(); report() },
    get busy() { return sketch !== null },
    abort: () => draw.abortDrawing(),
    stop: () => { draw.abortDrawing(); map.removeInteraction(draw); onSketch(null); store.set({ sketch: null }) },
  }
}
