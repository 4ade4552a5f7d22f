/** The five steps and what each still lacks. */
import { faults } from './wordings.js'

export const STEPS = /** @type {const} */ (['zone', 'message', 'channels', 'review', 'launch'])

/**
 * @param {{items:{role:string}[], message:{subject:string,text:string}, channels:string[]}} draft
 * @param {{status:string, value:{recipients:number}|null, error?:any}} counts
 * @returns {{zone:string[], message:string[], channels:string[]}} codes of what is missing, by step
 */
export function missing(draft, counts) {
  const zone = []
  if (!draft.items.some(item => item.role === 'alert')) zone.push('empty_zone')
  else if (counts.status === 'error') zone.push(counts.error?.code === 'network' ? 'no_server' : 'zone_error')
  else if (counts.status === 'ok' && counts.value?.recipients === 0) zone.push('nobody')
  const message = []
  if (draft.message.subject.trim() === '') message.push('no_subject')
  if (draft.message.text.trim() === '') message.push('no_text')
  if (faults(draft.message).some(Boolean)) message.push('wording')
  return { zone, message, channels: draft.channels.length === 0 ? ['no_channel'] : [] }
}

/** @param {ReturnType<typeof missing>} lacks @param {string} step @returns {'done'|'todo'} */
export function stateOf(lacks, step) {
  const own = lacks[step]
  if (own) return own.length === 0 ? 'done' : 'todo'
  return Object.values(lacks).every(list => list.length === 0) ? 'done' : 'todo'
}
