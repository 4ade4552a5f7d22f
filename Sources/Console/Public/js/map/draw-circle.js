/** Draws a circle by two points: its centre, then its edge. Metres are measured on the ellipsoid. */
import { store } from '../core/state.js'
import { distance } from '../pure/geodesy.js'
import { toPosition } from './project.js'

/**
 * @typedef {{longitude:number, latitude:number, metres:number}} Circle
 * @param {any} map
 * @param {{onCircle:(circle:Circle)=>void, onSketch:(circle:Circle|null)=>void}} handlers
 */
export function drawCircle(map, { onCircle, onSketch }) {
  /** @type {[number,number]|null} */ let centre = null
  const circleTo = coordinate => {
    const metres = Math.round(distance(centre, toPosition(coordinate)))
    return { longitude: round(centre[0]), latitude: round(centre[1]), metres }
  }
  const report = () => store.set({ sketch: { points: centre ? 1 : 0, canFinish: false } })
  function place(coordinate) {
    if (!centre) { centre = toPosition(coordinate); report(); return }
    const circle = circleTo(coordinate)
    if (circle.metres < 1) return
    centre = null
    onSketch(null)
    report()
    onCircle(circle)
  }
  const move = coordinate => { if (centre) { const circle = circleTo(coordinate); if (circle.metres >= 1) onSketch(circle) } }
  const onClick = event => place(event.coordinate)
  const onMove = event => { if (!event.dragging) move(event.coordinate) }
  map.on('click', onClick)
  map.on('pointermove', onMove)
  report()
  const abort = () => { centre = null; onSketch(null); report() }
  return {
    place, move, finish: () => {}, back: abort, abort,
    get busy() { return centre !== null },
    stop: () => { abort(); map.un('click', onClick); map.un('pointermove', onMove); store.set({ sketch: null }) },
  }
}

const round = value => Math.round(value * 1e7) / 1e7
