/** Chooses communes by a click; a second click takes them out. The server says which commune it is: tiles are simplified. */
import { get } from '../core/api.js'
import { addItem, removeItem, store, patchItem } from '../core/state.js'
import { announce } from '../core/announce.js'
import { t } from '../core/texts.js'
import { toPosition } from './project.js'

/** @param {any} map @param {any} communes @param {(text:string|null)=>void} hint */
export function pickCommunes(map, communes, hint) {
  let hovering = 0
  async function pick(coordinate) {
    const [longitude, latitude] = toPosition(coordinate)
    try { toggleCommune(await get(`/api/communes/at?lon=${longitude.toFixed(7)}&lat=${latitude.toFixed(7)}`)) } catch (error) {
      hint(error.status === 404 ? t('map.noCommuneHere') : t('map.pickFailed'))
    }
  }
  const onClick = event => { void pick(event.coordinate) }
  const onMove = event => {
    if (event.dragging || event.originalEvent.pointerType === 'touch') return
    cancelAnimationFrame(hovering)
    hovering = requestAnimationFrame(() => {
      const commune = communes.at(event.pixel)
      communes.setHover(commune?.code ?? null)
      hint(commune ? t('map.communeHint', { name: commune.name, code: commune.code }) : null)
    })
  }
  map.on('click', onClick)
  map.on('pointermove', onMove)
  return {
    place: pick, finish: () => {}, back: () => {}, abort: () => {}, busy: false,
    stop: () => { cancelAnimationFrame(hovering); communes.setHover(null); map.un('click', onClick); map.un('pointermove', onMove) },
  }
}

/** Whether an item names a commune as it is today: a code of another year may mean only a part of it. */
const names = (item, code) => item.kind === 'communes' && !item.vintage && item.codes.includes(code)

/** Adds a commune to the zone, or takes it out when it is there. @param {{code:string,name:string,bounds:number[]}} commune */
export function toggleCommune(commune) {
  const holder = store.get().draft.items.find(item => names(item, commune.code))
  if (!holder) { addCommune(commune); return }
  if (holder.codes.length === 1) removeItem(holder.id)
  else patchItem(holder.id, { codes: holder.codes.filter(code => code !== commune.code) })
  announce(t('zone.communeRemoved', { name: commune.name }))
}

/** @param {{code:string,name:string,bounds:number[]}} commune @returns {boolean} false when it is already in the zone */
export function addCommune(commune) {
  if (store.get().draft.items.some(item => names(item, commune.code))) return false
  addItem({ kind: 'communes', role: 'alert', name: `${commune.name} (${commune.code})`, codes: [commune.code], bounds: commune.bounds })
  announce(t('zone.communeAdded', { name: commune.name }))
  return true
}
