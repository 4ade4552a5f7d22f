/** Information that the server launches by the calendar: what is to come, what became of the last, and a new one. */
import { call, get, post } from './core/api.js'
import { attempt, button, fail, field, openDesk, part, table, tell } from './core/desk.js'
import { ask } from './core/dialog.js'
import { byId, h, render } from './core/dom.js'
import { noticeBox } from './core/errors.js'
import { language, t } from './core/texts.js'
import { PLACES, WORDS, readRule } from './pure/recurrence.js'

const CHANNELS = ['sms', 'voice', 'email', 'fax']
const KINDS = ['once', 'daily', 'weekdays', 'weekly', 'nth', 'monthly', 'yearly']

const list = h('div', { class: 'desk-list' })
let mayLaunch = false

async function look() {
  const { schedules } = await get('/api/schedules')
  render(list, schedules.length === 0 ? h('p', { class: 'empty' }, t('schedules.none')) : schedules.map(card))
}

/** By the clock of the territory, wherever the reader is. @param {string} text @param {string} timeZone */
const by = (text, timeZone) => new Date(text).toLocaleString(language === 'fr' ? 'fr-FR' : 'en-GB', { timeZone, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' })

/** @param {any} rule as `readRule` gives it */
const inWords = rule => [
  rule.kind === 'other' ? rule.text : rule.kind === 'nth' ? t('schedules.rule.nthOf', { place: t(`schedules.place.${rule.place}`), day: t(`schedules.day.${rule.day}`) }) : t(`schedules.rule.${rule.kind}`),
  rule.until ? t('schedules.until', { day: rule.until }) : '',
].filter(Boolean).join(', ')

/** @param {any} one */
const card = one => h('article', { class: 'request', data: { schedule: String(one.id) } },
  h('h2', {}, one.name),
  h('p', {}, h('strong', {}, t(`schedules.state.${one.state}`)), ' · ', inWords(readRule(one.rule)), one.mode === 'exercise' ? ` · ${t('mode.exercise.word')}` : ''),
  one.next.length > 0 && h('div', {}, h('p', { class: 'small muted' }, t('schedules.next', { zone: one.timeZone })), h('ul', { class: 'plain' }, one.next.map(time => h('li', {}, by(time, one.timeZone))))),
  one.subject && h('p', { lang: 'fr' }, h('strong', {}, one.subject)), h('p', { class: 'request-text', lang: 'fr' }, one.text),
  h('p', { class: 'muted' }, one.zone, ' · ', one.channels.map(channel => t(`channel.${channel}`)).join(', '), one.template ? ` · ${t('schedules.of', { name: one.template, version: String(one.templateVersion ?? '–') })}` : '', ` · ${t('schedules.by', { user: one.createdBy })}`),
  one.isTemplateNewer && h('p', {}, h('strong', {}, t('schedules.newer'))),
  h('details', { class: 'fold' }, h('summary', {}, t('schedules.history')), one.occurrences.length === 0 ? h('p', { class: 'muted' }, t('schedules.noHistory')) : table(t('schedules.historyOf', { name: one.name }), ['at', 'outcome', 'what'].map(name => t(`schedules.column.${name}`)),
    one.occurrences.map(line => [by(line.at, one.timeZone), t(`schedules.outcome.${line.outcome}`), line.campaign ? h('a', { href: `/#/campagnes/${line.campaign}` }, t('schedules.campaign', { id: String(line.campaign) })) : h('span', { lang: 'en' }, line.reason ?? '')]))),
  mayLaunch && h('div', { class: 'actions' },
    one.state === 'active' && button(t('schedules.pause'), () => act(() => post(`/api/schedules/${one.id}/pause`, undefined), t('schedules.paused', { name: one.name })), { label: one.name, key: `pause-${one.id}` }),
    one.state === 'paused' && button(t('schedules.resume'), () => act(() => post(`/api/schedules/${one.id}/resume`, undefined), t('schedules.resumed', { name: one.name })), { label: one.name, key: `resume-${one.id}` }),
    button(t('schedules.remove'), () => remove(one), { label: one.name, danger: true, key: `remove-${one.id}` })))

/** @param {() => Promise<any>} work @param {string} text */
async function act(work, text) {
  await work()
  tell(text)
  await look()
}

/** @param {any} one */
async function remove(one) {
  if (await ask({ title: t('schedules.removeAsk', { name: one.name }), lines: [t('schedules.removeLine')], confirm: t('schedules.remove'), danger: true })) await act(() => call('DELETE', `/api/schedules/${one.id}`), t('schedules.removed', { name: one.name }))
}

/** @param {any[]} options value and label @param {Record<string, any>} [props] */
const choice = (options, props = {}) => h('select', props, options.map(([value, label]) => h('option', { value }, label)))

/** The form of a new one. */
async function form() {
  const [{ templates }, { perimeters }, { lists }] = await Promise.all([get('/api/templates'), get('/api/perimeters'), get('/api/lists')])
  if (templates.length === 0) return part(t('schedules.new'), h('p', {}, t('schedules.noTemplate'), ' ', h('a', { href: '/modeles' }, t('menu.templates'))))
  const name = h('input', { type: 'text', maxlength: 80, autocomplete: 'off', data: { key: 'name' } })
  const template = choice(templates.map(one => [one.name, one.name]), { data: { key: 'template' }, on: { change: () => void attempt(places) } })
  const zones = [...perimeters.map((one, index) => [`perimeter:${index}`, t('schedules.perimeter', { name: one.name })]), ...lists.map((one, index) => [`list:${index}`, t('schedules.list', { name: one.name })]), ['communes', t('schedules.communes')]]
  const zone = choice(zones, { data: { key: 'zone' }, on: { change: draw } })
  const codes = h('input', { type: 'text', maxlength: 600, autocomplete: 'off', spellcheck: 'false', data: { key: 'codes' } })
  const codesField = field(t('schedules.codes'), codes)
  const fields = h('div', { class: 'form-row' })
  const at = h('input', { type: 'datetime-local', data: { key: 'at' } })
  const kind = choice(KINDS.map(one => [one, t(`schedules.rule.${one}`)]), { data: { key: 'rule' }, on: { change: draw } })
  const place = choice(PLACES.map(one => [one, t(`schedules.place.${one}`)]), { data: { key: 'place' } })
  const day = choice(WORDS.map(one => [one, t(`schedules.day.${one}`)]), { data: { key: 'day' } })
  const nth = h('div', { class: 'form-row' }, field(t('schedules.placeField'), place), field(t('schedules.dayField'), day))
  const last = h('input', { type: 'date', data: { key: 'last' } })
  const lastField = field(t('schedules.last'), last)
  const boxes = CHANNELS.map(one => h('input', { type: 'checkbox', value: one, checked: one === 'sms', data: { key: `channel-${one}` } }))
  function draw() {
    codesField.hidden = zone.value !== 'communes'
    nth.hidden = kind.value !== 'nth'
    lastField.hidden = kind.value === 'once'
  }
  async function places() {
    const chosen = templates.find(one => one.name === template.value)
    const answer = await post('/api/message/fill', { message: chosen.template.message, values: {} })
    render(fields, answer.places.filter(one => !one.standard).map(one => field(one.written, h('input', { type: 'text', maxlength: 500, autocomplete: 'off', data: { place: one.name } }))))
  }
  function zoneDocument() {
    const [type, index] = zone.value.split(':')
    if (type === 'perimeter') return { type: 'perimeter', name: perimeters[index].name, geometry: perimeters[index].geometry }
    if (type === 'list') return { type: 'list', name: lists[index].name }
    return { type: 'communes', codes: codes.value.split(/[\s,;]+/).filter(Boolean) }
  }
  /** @param {any} shown What would leave the next time, and to whom it would now. */
  const inSight = shown => [
    t('schedules.reach', { count: shown.recipients }), shown.possible > 0 && t('schedules.reachPossible', { count: shown.possible }),
    shown.notLocated > 0 && t('schedules.reachUnplaced', { count: shown.notLocated }),
    h('div', { lang: 'fr' }, shown.subject && h('p', {}, h('strong', {}, shown.subject)), h('p', { class: 'request-text' }, shown.text)),
    t('schedules.firstTime', { when: by(shown.next[0], shown.timeZone), zone: shown.timeZone }), ...shown.guards.map(rail => noticeBox(rail.message, 'warning')),
  ].filter(Boolean)
  async function send() {
    const values = Object.fromEntries([...fields.querySelectorAll('input')].filter(node => node.value.trim()).map(node => [node.dataset.place, node.value.trim()]))
    const wanted = {
      name: name.value.trim(), zone: zoneDocument(), template: template.value, values, channels: boxes.filter(box => box.checked).map(box => box.value), at: at.value.replace('T', ' '),
      ...(kind.value === 'once' ? {} : { every: kind.value === 'nth' ? `${place.value}-${day.value}` : kind.value, ...(last.value ? { last: last.value } : {}) }),
    }
    const shown = await post('/api/schedules/preview', wanted)
    if (!await ask({ title: t('schedules.addAsk', { name: wanted.name }), lines: inSight(shown), confirm: t('schedules.add') })) return
    await post('/api/schedules', { ...wanted, ...(shown.templateVersion ? { templateVersion: shown.templateVersion } : {}) })
    const saved = name.value.trim()
    name.value = ''
    tell(t('schedules.added', { name: saved }))
    await look()
  }
  draw()
  await places()
  return part(t('schedules.new'), h('p', { class: 'muted' }, t('schedules.newLead')), h('form', { novalidate: true, on: { submit: event => { event.preventDefault(); void attempt(send) } } },
    field(t('schedules.name'), name), field(t('schedules.template'), template), fields, field(t('schedules.zone'), zone), codesField,
    h('fieldset', { class: 'bare' }, h('legend', { class: 'small muted' }, t('schedules.channels')), h('div', { class: 'checks' }, boxes.map(box => h('label', { class: 'check' }, box, t(`channel.${box.value}`))))),
    field(t('schedules.at'), at), field(t('schedules.every'), kind), nth, lastField,
    h('div', {}, h('button', { type: 'submit', class: 'button button-primary', data: { key: 'add' } }, t('schedules.add')))))
}

void openDesk('schedules.title', async session => {
  mayLaunch = session.capabilities.includes('launch')
  render(byId('content'), list)
  await look()
  if (!mayLaunch) return
  try { byId('content').append(await form()) } catch (error) { fail(error) }
})
