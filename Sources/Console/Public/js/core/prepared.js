/** A draft that was prepared elsewhere: a zone that another organisation handed over, a scenario to be changed, people who were ticked. */
import { get } from './api.js'
import { newDraft } from './default-list.js'
import { announce } from './announce.js'
import { errorBox, noticeBox } from './errors.js'
import { byId, freshId, render } from './dom.js'
import { takeGathered } from './gathered.js'
import { emptyDraft, resetDraft, store } from './state.js'
import { t } from './texts.js'
import { MODE } from './world.js'
import { draftCascade } from '../pure/cascade.js'
import { draftZone, isPlace, itemsOf } from '../pure/zone.js'

/** Takes up what the address names, once: the draft is then the operator's own, and the address that of any draft. */
export async function openPrepared() {
  if (MODE === 'real') openGathered()
  const match = /^#\/(transmises|scenarios)\/(\d{1,15})$/.exec(location.hash)
  if (!match || MODE !== 'real') return
  history.replaceState(null, '', '/#/')
  try { await (match[1] === 'transmises' ? openHanded(match[2]) : openScenario(match[2])) } catch (error) {
    render(byId('failure'), errorBox(error))
    byId('failure').hidden = false
  }
}

/** To them alone: the list that is in every alert is for those who ask for it. */
function openGathered() {
  const list = takeGathered()
  if (!list) return
  resetDraft({ ...emptyDraft(), items: [{ id: freshId('item-gathered'), kind: 'list', role: 'alert', name: list }] })
  announce(t('oneOff.opened', { name: list }))
}

/** @param {any} zone @param {string} [name] */
const items = (zone, name) => itemsOf(zone).map(item => ({ ...item, id: freshId('item-prepared'), name: item.name || name || item.codes?.join(', ') || item.code || item.siren || '' }))

/** @param {string} id */
async function openHanded(id) {
  const request = await get(`/api/requests/${id}`)
  const name = t('handed.itemName', { name: request.from })
  resetDraft({ ...newDraft(), items: items(request.zone, name), mode: 'real', channels: request.channels, kind: request.kind, message: { variants: [], ...request.message }, handed: { id: request.id, from: request.from } })
  store.set({ step: 'review' })
  announce(t('handed.opened', { name: request.from }))
}

/** @param {string} id */
async function openScenario(id) {
  const scenario = await get(`/api/scenarios/${id}`)
  const { document: zone, policy } = scenario
  const parts = items(zone)
  const margins = [...new Set(parts.filter(item => item.role === 'alert' && isPlace(item)).map(item => item.margin ?? 0))]
  resetDraft({
    ...newDraft(), items: parts.map(({ margin, ...item }) => item), margin: margins.length === 1 ? margins[0] : 0, certainOnly: zone.precision === 'certain', mode: 'real', channels: scenario.channels, kind: scenario.kind, weight: scenario.weight,
    retries: policy.maximumRetries, retryMinutes: Math.max(1, Math.round(policy.retryPeriodSeconds / 60)), cascade: draftCascade(scenario.cascade, scenario.until),
    message: { variants: [], ...scenario.message }, scenario: { id: scenario.id, name: scenario.name, blanks: scenario.blanks },
  })
  store.set({ step: 'message' })
  // What the form has no fields for would be lost without a word.
  if (plain(draftZone(store.get().draft)) !== plain(zone)) warn(t('scenario.zoneLost'))
  if (scenario.cascade && !draftCascade(scenario.cascade, scenario.until)) warn(t('scenario.cascadeLost'))
  announce(t('scenario.editing', { name: scenario.name }))
}

/** @param {string} text */
function warn(text) {
  byId('failure').append(noticeBox(text))
  byId('failure').hidden = false
}

/** A zone's document without what does not decide who is in it. @param {any} node @returns {string} */
const plain = node => JSON.stringify(node, (key, value) => (key === 'version' ? undefined
  : value && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => !(value.type === 'perimeter' && name === 'name')).sort(([left], [right]) => (left < right ? -1 : 1)))
    : key === 'codes' ? [...value].sort() : value))
