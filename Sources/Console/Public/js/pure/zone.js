/**
 * The zone panel's items and the zone document the server counts: everything to alert, as far as it lies in what limits it,
 * minus everything to exclude. The margin widens what is alerted: what limits or is excluded stays as it is.
 */
import { isInsideRing } from './geodesy.js'

/**
 * @typedef {'alert'|'within'|'exclude'} Role
 * @typedef {{id:string, kind:'polygon', role:Role, name:string, geometry:{type:string, coordinates:any}}} PolygonItem
 * @typedef {{id:string, kind:'circle', role:Role, name:string, longitude:number, latitude:number, metres:number}} CircleItem
 * @typedef {{id:string, kind:'communes', role:Role, name:string, codes:string[], names?:Record<string,string>, bounds?:number[], vintage?:number}} CommunesItem
 * @typedef {{id:string, kind:'department', role:Role, name:string, code:string}} DepartmentItem
 * @typedef {{id:string, kind:'epci', role:Role, name:string, siren:string, codes?:string[], bounds?:number[]}} EPCIItem
 * @typedef {{id:string, kind:'list', role:Role, name:string}} ListItem
 * @typedef {{id:string, kind:'tag', role:Role, name:string, tag:string}} TagItem
 * @typedef {{id:string, kind:'campaign', role:Role, name:string, campaign:number, outcome:string}} CampaignItem
 * @typedef {{id:string, kind:'filter', role:Role, name:string, filter:any}} FilterItem a saved query of a former zone
 * @typedef {PolygonItem|CircleItem|CommunesItem|DepartmentItem|EPCIItem|ListItem|TagItem|CampaignItem|FilterItem} Item
 * @typedef {{margin?:number, certainOnly?:boolean}} Options metres around everything that is alerted; whether who is only possibly inside is left out
 */

/** What became of a former campaign's recipients, as zone documents call it. */
export const OUTCOMES = ['not_acknowledged', 'acknowledged', 'reached', 'failed', 'all']

/** Longest margin the server accepts, in metres. */
export const LONGEST_MARGIN_METRES = 100_000

/** Whether an item is ground, which a margin can widen: a list is not. @param {Item} item */
export const isPlace = item => ['polygon', 'circle', 'communes', 'department', 'epci'].includes(item.kind)

/** @param {Item} item @returns {object} the zone document of one item */
function documentOf(item) {
  switch (item.kind) {
    case 'polygon': return { type: 'perimeter', name: item.name, geometry: item.geometry }
    case 'circle': return { type: 'circle', longitude: item.longitude, latitude: item.latitude, metres: item.metres }
    case 'communes': return communes(item.codes, item.vintage)
    case 'department': return { type: 'department', code: item.code }
    case 'epci': return { type: 'epci', siren: item.siren }
    case 'tag': return { type: 'tag', name: item.tag }
    case 'campaign': return { type: 'campaign', campaign: item.campaign, outcome: item.outcome }
    case 'filter': return { type: 'filter', filter: item.filter }
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
 * @param {Options} [options]
 * @returns {object|null} null when nothing is to be alerted: there is no default zone
 */
export function zoneOf(items, { margin = 0, certainOnly = false } = {}) {
  const [alert, within, exclude] = ['alert', 'within', 'exclude'].map(role => items.filter(item => item.role === role))
  if (alert.length === 0) return null
  const wanted = { ...union(alert), ...(margin > 0 && alert.some(isPlace) ? { margin } : {}) }
  const included = within.length === 0 ? wanted : { type: 'intersection', zones: [wanted, union(within)] }
  const zone = exclude.length === 0 ? included : { type: 'difference', zone: included, except: union(exclude) }
  return { ...zone, ...(certainOnly ? { precision: 'certain' } : {}) }
}

/** @param {{items:Item[]} & Options} draft @param {Item[]} [items] as a gesture in progress would leave them */
export const draftZone = (draft, items = draft.items) => zoneOf(items, draft)

/** What decides a draft's zone: when one of these changes, it is another zone. @param {{items:Item[]} & Options} draft */
export const zoneKeys = draft => [draft.items, draft.margin, draft.certainOnly]

/**
 * The ground that a margin reaches, to be drawn: lists, labels and campaigns have none, so they are left out.
 * @param {Item[]} items items of a campaign carry their margin themselves
 * @param {Options} [options]
 * @returns {object|null} null when there is no margin to draw
 */
export function widenedGroundOf(items, { margin = 0 } = {}) {
  const places = items.filter(item => isPlace(item) && item.role === 'alert' && (item.margin ?? margin) > 0)
  const zones = places.map(item => ({ ...documentOf(item), margin: item.margin ?? margin }))
  return zones.length > 1 ? { type: 'union', zones } : zones[0] ?? null
}

/**
 * Codes that no tile of today's communes draws: those of another year, and those that are no commune any more.
 * @param {Item[]} items
 * @param {Set<string>|null} mapped the codes the server read as something else; null when it was not asked
 * @returns {{id:string, role:Role, zone:object}[]} the zone whose outline is to be asked for each item
 */
export function outlinesWanted(items, mapped) {
  return items.filter(item => item.kind === 'communes').flatMap(item => {
    const codes = mapped ? item.codes.filter(code => mapped.has(code)) : item.vintage ? item.codes : []
    return codes.length === 0 ? [] : [{ id: item.id, role: item.role, zone: communes(codes, item.vintage) }]
  })
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
  const walk = (node, as, path) => own(node, as, path).map(item => (node.margin > 0 && isPlace(item) ? { ...item, margin: node.margin } : item))
  const own = (node, as, path) => {
    switch (node?.type) {
      case 'perimeter': return [{ id: path, kind: 'polygon', role: as, name: node.name ?? '', geometry: node.geometry }]
      case 'circle': return [{ id: path, kind: 'circle', role: as, name: '', longitude: node.longitude, latitude: node.latitude, metres: node.metres }]
      case 'communes': return [{ id: path, kind: 'communes', role: as, name: '', codes: node.codes, ...(node.vintage ? { vintage: node.vintage } : {}) }]
      case 'department': return [{ id: path, kind: 'department', role: as, name: '', code: node.code }]
      case 'epci': return [{ id: path, kind: 'epci', role: as, name: '', siren: node.siren }]
      case 'list': return [{ id: path, kind: 'list', role: as, name: node.name }]
      case 'tag': return [{ id: path, kind: 'tag', role: as, name: node.name, tag: node.name }]
      case 'campaign': return [{ id: path, kind: 'campaign', role: as, name: '', campaign: node.campaign, outcome: node.outcome }]
      case 'filter': return [{ id: path, kind: 'filter', role: as, name: '', filter: node.filter }]
      case 'union': return node.zones.flatMap((child, index) => walk(child, as, `${path}.${index}`))
      // What follows the first part limits it; within what is excluded there is no such word.
      case 'intersection': return node.zones.flatMap((child, index) => walk(child, index > 0 && as === 'alert' ? 'within' : as, `${path}.${index}`))
      case 'difference': return [...walk(node.zone, as, `${path}.a`), ...walk(node.except, as === other ? role : other, `${path}.b`)]
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
