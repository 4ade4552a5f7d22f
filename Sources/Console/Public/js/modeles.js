/** The library of messages prepared ahead: each with its correction and its all-clear, and what every channel would carry. */
import { call, get, post } from './core/api.js'
import { attempt, button, fail, field, moment, openDesk, part, table, tell } from './core/desk.js'
import { ask } from './core/dialog.js'
import { errorBox } from './core/errors.js'
import { byId, h, render } from './core/dom.js'
import { n, t } from './core/texts.js'
import { wordingsEditor } from './panels/wordings.js'
import { sentMessage } from './pure/wordings.js'

const PARTS = ['message', 'correction', 'allClear']
const CHANNELS = ['sms', 'voice', 'email', 'fax']
const EMPTY = { subject: '', text: '', variants: [] }

const library = h('div', {})
const editor = h('div', {})
const past = h('div', {})
let mayPrepare = false
let isChanged = false

async function look() {
  const { templates } = await get('/api/templates/library')
  render(library, templates.length === 0 ? h('p', { class: 'empty' }, t('templates.none')) : table(t('templates.caption'), ['name', 'version', 'saved', 'says', 'actions'].map(name => t(`templates.column.${name}`)),
    templates.map(one => [one.name, String(one.version), one.isOwn ? t('templates.savedBy', { time: moment(one.savedAt), user: one.savedBy ?? '' }) : t('templates.inherited'), one.template.message.subject || one.template.message.text.slice(0, 80), h('div', { class: 'actions' },
      mayPrepare && button(t(one.isOwn ? 'templates.edit' : 'templates.copy'), async () => { if (await mayLeave()) edit(one.name, one.template) }, { label: one.name, key: `edit-${one.name}` }),
      one.isOwn && button(t('templates.versions'), () => versions(one.name), { label: one.name, key: `versions-${one.name}` }),
      mayPrepare && one.isOwn && button(t('templates.remove'), () => remove(one.name), { label: one.name, danger: true, key: `remove-${one.name}` }))])))
}

const mayLeave = async () => !isChanged || await ask({ title: t('templates.leaveAsk'), lines: [t('templates.leaveLine')], confirm: t('templates.leave'), danger: true })

/** @param {string} name @param {any} template */
function edit(name, template) {
  isChanged = false
  const draft = Object.fromEntries(PARTS.map(one => [one, { ...EMPTY, ...template?.[one] }]))
  const title = h('input', { type: 'text', maxlength: 80, required: true, autocomplete: 'off', data: { key: 'name' }, value: name, on: { input: () => { isChanged = true } } })
  render(editor, part(name ? t('templates.editing', { name }) : t('templates.new'), h('form', { class: 'wide', novalidate: true, on: { submit: event => { event.preventDefault(); void save(title.value.trim(), draft) } } },
    field(t('templates.name'), title), h('p', { class: 'field-hint' }, t('templates.places', { lieu: '{lieu}', organisme: '{organisme}', date: '{date}', heure: '{heure}' })),
    PARTS.map(one => partFields(one, draft)),
    h('div', { class: 'actions' }, h('button', { type: 'submit', class: 'button button-primary', data: { key: 'save' } }, t('templates.save')), h('button', { type: 'button', class: 'button', on: { click: async () => { if (await mayLeave()) { isChanged = false; render(editor) } } } }, t('common.cancel'))))))
  title.focus()
  editor.scrollIntoView({ block: 'nearest' })
}

/** @param {string} name of the part @param {Record<string, any>} draft changed in place */
function partFields(name, draft) {
  const preview = h('div', { class: 'preview', role: 'status' })
  let timer = 0
  let asked = 0
  const change = patch => {
    draft[name] = { ...draft[name], ...patch }
    isChanged = true
    clearTimeout(timer)
    timer = setTimeout(() => void measure(), 400)
  }
  async function measure() {
    const own = asked += 1
    if (draft[name].text.trim() === '') { render(preview); return }
    try {
      const { texts } = await post('/api/message/texts', { message: sentMessage(draft[name]), mode: 'real', channels: CHANNELS })
      if (own === asked) render(preview, texts.map(wording))
    } catch (error) { if (own === asked) render(preview, errorBox(error)) }
  }
  const subject = h('input', { type: 'text', maxlength: 200, autocomplete: 'off', value: draft[name].subject, data: { key: `${name}-subject` }, on: { input: event => change({ subject: event.target.value }) } })
  const text = h('textarea', { rows: 4, data: { key: `${name}-text` }, on: { input: event => change({ text: event.target.value }) } })
  text.value = draft[name].text
  void measure()
  return h('fieldset', {}, h('legend', {}, t(`template.${name}`)), field(t('templates.subject'), subject), field(t('message.text'), text),
    wordingsEditor(`template-${name}`, () => draft[name], message => change(message)).node,
    h('details', { class: 'fold', open: name === 'message' }, h('summary', {}, t('templates.preview')), preview))
}

/** @param {any} one what a channel would carry */
const wording = one => h('div', {}, h('p', { class: 'small' }, h('strong', {}, t(`channel.${one.channel}`)), one.language ? ` (${one.language})` : '', one.sms ? ` · ${t('templates.segments', { count: one.sms.segments })}` : ''), h('pre', { lang: one.language || null }, [one.subject, one.text].filter(Boolean).join('\n')))

/** @param {string} name @param {Record<string, any>} draft */
async function save(name, draft) {
  try {
    const { version } = await post('/api/templates', { name, template: Object.fromEntries(PARTS.map(one => [one, sentMessage(draft[one])])) })
    isChanged = false
    render(editor)
    tell(t('templates.saved', { name, version: String(version) }))
    await look()
  } catch (error) { fail(error) }
}

/** @param {string} name */
async function versions(name) {
  const answer = await call('GET', `/api/templates/versions?${new URLSearchParams({ name })}`)
  render(past, part(t('templates.versionsOf', { name }), table(t('templates.versionsOf', { name }), ['version', 'saved', 'says', 'actions'].map(one => t(`templates.column.${one}`)),
    answer.versions.map(one => [String(one.version), t('templates.savedBy', { time: moment(one.savedAt), user: one.savedBy ?? '' }), one.template ? one.template.message.text.slice(0, 120) : t('templates.removedHere'), one.template && mayPrepare ? button(t('templates.takeAgain'), async () => { if (await mayLeave()) { edit(name, one.template); isChanged = true } }, { label: n.integer(one.version), key: `again-${one.version}` }) : '']))))
  past.querySelector('h2').tabIndex = -1
  past.querySelector('h2').focus()
}

/** @param {string} name */
async function remove(name) {
  if (!await ask({ title: t('templates.removeAsk', { name }), lines: [t('templates.removeLine')], confirm: t('templates.remove'), danger: true })) return
  await post('/api/templates/remove', { name })
  tell(t('templates.removed', { name }))
  await look()
}

window.addEventListener('beforeunload', event => { if (isChanged) event.preventDefault() })
void openDesk('templates.title', async session => {
  mayPrepare = session.capabilities.includes('prepare')
  render(byId('content'), part(t('templates.library'), library, mayPrepare && h('p', {}, h('button', { type: 'button', class: 'button button-primary', data: { key: 'new' }, on: { click: () => void attempt(async () => { if (await mayLeave()) edit('', null) }) } }, t('templates.new')))), editor, past)
  await look()
})
