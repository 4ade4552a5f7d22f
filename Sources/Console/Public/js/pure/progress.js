/** A campaign's counters, arranged for bars and sentences. */

/** @typedef {{queued:number,inFlight:number,accepted:number,delivered:number,answered:number,acknowledged:number,failed:number,cancelled:number}} Legs */

const LEG_STATES = ['queued', 'inFlight', 'accepted', 'delivered', 'answered', 'acknowledged', 'failed', 'cancelled']

/** @param {Partial<Legs>} legs */
export function legTotals(legs) {
  const of = state => legs[state] ?? 0
  const total = LEG_STATES.reduce((sum, state) => sum + of(state), 0)
  const reached = of('accepted') + of('delivered') + of('answered') + of('acknowledged')
  return {
    total, reached,
    confirmed: of('delivered') + of('answered') + of('acknowledged'),
    left: reached + of('failed'),
    waiting: of('queued') + of('inFlight'),
    failed: of('failed'), cancelled: of('cancelled'), answered: of('answered'), acknowledged: of('acknowledged'),
  }
}

/** Recipients in exclusive groups, in the order of the stacked bar. @param {Record<string, number>} progress */
export function groups(progress) {
  return ['acknowledged', 'answered', 'passed', 'failed', 'unreachable', 'cancelled', 'pending']
    .map(key => ({ key, count: progress[key] ?? 0, share: progress.recipients ? (progress[key] ?? 0) / progress.recipients : 0 }))
}

/** Legs still owed an attempt or an outcome. @param {{pending:number, channels?:Record<string, Legs>}} progress */
export function openLegs(progress) {
  const channels = Object.values(progress.channels ?? {})
  return channels.length === 0 ? progress.pending : channels.reduce((sum, legs) => sum + (legs.queued ?? 0) + (legs.inFlight ?? 0), 0)
}

/** @param {string} state @returns {boolean} whether nothing can change any more */
export const isOver = state => state === 'completed' || state === 'stopped'

/** @param {{state:string, progress:any}} campaign @returns {boolean} whether its figures are final too: what is in flight when it stops still ends */
export const isSettled = ({ state, progress }) => isOver(state) && openLegs(progress) === 0
