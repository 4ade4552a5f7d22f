/**
 * The zone panel's items and the zone document the server counts: everything to alert minus everything to exclude.
 */
import { isInsideRing } from './geodesy.js'

/**
 * @typedef {'alert'|'exclude'} Role
 * @typedef {{id:string, kind:'polygon', role:Role, name:string, geometry:{type:string, coordinates:any}}} PolygonItem
 * @typedef {{id:string, kind:'circle', role:Role, name:string, longitude:number, latitude:number, metres:number}} CircleItem
 * @typedef {{id:string, kind:'communes', role:Role, name:string, codes:string[], names?:Record<string,string>, bounds?:number[], vintage?:number}} CommunesItem
 * @typedef {{id:string, kind:'department', role:Role, name:string, code:string}} DepartmentItem
 * @typedef {{id:string, kind:'list', role:Role, name:string}} ListItem
 * @typedef {PolygonItem|CircleItem|CommunesItem|DepartmentItem|ListItem} Item
 */

/** @param {Item} item @returns {object} the zone document of one item */
function documentOf(item) {
  switch (item.kind) {
    case 'polygon': return { type: 'perimeter', name: item.name, geometry: item.geometry }
    case 'circle': return { type: 'circle', longitude: item.longitude, latitude: item.latitude, metres: item.metres }
    case 'communes': return communes(item.codes, item.vintage)
    case 'department': return { type: 'department', code: item.code }
    default: return { type: 'list', name: item.name }
  }
}

/** @param {string[]} codes @param {number} [vintage] the year the codes are of; without one they are today's */
const communes = (codes, vintage) => ({ type: 'communes', codes, ...(vintage ? { vintage } : {}) })

/** Communes clicked one by one travel as one set, a set for each year their codes are of. @param {Item[]} items */
function union(items) {
  const sets = new Map()
  for (const item of items) if (item.kind === 'communes') sets.set(item.vintage, new Set([...(sets.get(item.vintage) ?? []), ...item.codes]))
  const zones = items.filter(item => item.kind !== 'communes').map(documentOf)
  for (const [vintage, codes] of sets) zones.push(communes([...codes], vintage))
  return zones.length === 1 ? zones[0] : { type: 'union', zones }
}

/**
 * @param {Item[]} items
 * @returns {object|null} null when nothing is to be alerted: there is no default zone
 */
export function zoneOf(items) {
  const alert = items.filter(item => item.role === 'alert')
  const exclude = items.filter(item => item.role === 'exclude')
  if (alert.length === 0) return null
  return exclude.length === 0 ? union(alert) : { type: 'difference', zone: union(alert), except: union(exclude) }
}

/** Whether a list is among what is alerted. @param {Item[]} items @param {string} name */
export const holdsList = (items, name) => items.some(item => item.kind === 'list' && item.role === 'alert' && item.name === name)

/**
 * The items of a zone document received from the server, to show it on the map.
 * @param {any} zone
 * @param {Role} [role]
 * @returns {Item[]}
 */
export function itemsOf(zone, role = 'alert') {
  const other = role === 'alert' ? 'exclude' : 'alert'
  const walk = (node, as, path) => {
    switch (node?.type) {
      case 'perimeter': return [{ id: path, kind: 'polygon', role: as, name: node.name ?? '', geometry: node.geometry }]
      case 'circle': return [{ id: path, kind: 'circle', role: as, name: '', longitude: node.longitude, latitude: node.latitude, metres: node.metres }]
      case 'communes': return [{ id: path, kind: 'communes', role: as, name: '', codes: node.codes, ...(node.vintage ? { vintage: node.vintage } : {}) }]
      case 'department': return [{ id: path, kind: 'department', role: as, name: '', code: node.code }]
      case 'list': return [{ id: path, kind: 'list', role: as, name: node.name }]
      case 'union': case 'intersection': return node.zones.flatMap((child, index) => walk(child, as, `${path}.${index}`))
      case 'difference': return [...walk(node.zone, as, `${path}.a`), ...walk(node.except, as === role ? other : role, `${path}.b`)]
      default: return []
    }
  }
  return walk(zone, role, 'z')
}

/** @param {{type:string, coordinates:any}} geometry @returns {any[][]} its polygons, each a list of rings */
export const polygonsOf = geometry => (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates)

/** @param {PolygonItem} item @returns {{vertices:number, holes:number, parts:number}} */
export function shapeOf(item) {
  const polygons = polygonsOf(item.geometry)
  const rings = polygons.flat()
  return {
    parts: polygons.length,
    holes: rings.length - polygons.length,
    vertices: rings.reduce((sum, ring) => sum + Math.max(0, ring.length - 1), 0),
  }
}

/**
 * Cuts a ring out of the polygon that wholly holds it.
 * @param {Item[]} items
 * @param {[number,number][]} ring closed
 * @returns {Item[]|null} null when no polygon to alert holds every vertex of the ring
 */
export function withHole(items, ring) {
  for (const item of items) {
    if (item.kind !== 'polygon' || item.role !== 'alert') continue
    const polygons = polygonsOf(item.geometry)
    const index = polygons.findIndex(rings => ring.every(point => isInsideRing(point, rings[0])
      && rings.slice(1).every(hole => !isInsideRing(point, hole))))
    if (index < 0) continue
    const cut = polygons.map((rings, at) => (at === index ? [...rings, ring] : rings))
    const geometry = item.geometry.type === 'Polygon' ? { type: 'Polygon', coordinates: cut[0] } : { type: 'MultiPolygon', coordinates: cut }
    return items.map(other => (other === item ? { ...item, geometry } : other))
  }
  return null
}

/** Coordinates to 7 decimals (1 cm), closing point exactly the first. @param {[number,number][]} ring */
export function tidyRing(ring) {
  const round = value => Math.round(value * 1e7) / 1e7
  const points = ring.map(([x, y]) => /** @type {[number,number]} */ ([round(x), round(y)]))
  const open = points.filter((point, index) => index === 0 || point[0] !== points[index - 1][0] || point[1] !== points[index - 1][1])
  const [first, last] = [open[0], open[open.length - 1]]
  if (open.length > 1 && first[0] === last[0] && first[1] === last[1]) open.pop()
  return [...open, open[0]]
}

/**
 * The first free name of a series: "Polygone 1", "Polygone 2"…
 * @param {Item[]} items
 * @param {(n:number)=>string} named
 */
export function freeName(items, named) {
  let n = 1
  while (items.some(item => item.name === named(n))) n += 1
  return named(n)
}
