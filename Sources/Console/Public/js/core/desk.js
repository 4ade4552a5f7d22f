/** What the account's page and the administration share: parts, forms, tables, and what became of an action. */
import { call, onApi, useToken } from './api.js'
import { askForProof } from './proof.js'
import { errorBox, noticeBox } from './errors.js'
import { helpTitle } from './help-mark.js'
import { byId, freshId, h, loadIcons, render } from './dom.js'
import { hasText, language, switchLanguage, t, titled, translate } from './texts.js'

/** @param {string} key the title's text @param {() => Promise<void>} show */
export async function openDesk(key, show) {
  onApi({ proofNeeded: askForProof })
  translate(document)
  helpTitle(location.pathname.slice(1))
  void loadIcons()
  document.title = titled(t(key))
  const other = byId('language')
  other.textContent = language === 'fr' ? 'English' : 'Français'
  other.lang = language === 'fr' ? 'en' : 'fr'
  other.addEventListener('click', switchLanguage)
  try {
    const session = await call('GET', '/api/session')
    useToken(session.csrf)
    await show(session)
    document.body.dataset.ready = 'true'
    return session
  } catch (error) { fail(error) }
}

/** @param {any} error */
export function fail(error) {
  if (error.status === 401) { location.assign('/connexion?motif=expiree'); return }
  // The server says in English why a right cannot be given; the sentence stands above it.
  render(byId('outcome'), errorBox(error), error.detail?.reason && ['rights_refused', 'unavailable', 'keys_elsewhere'].includes(error.code) && h('p', { class: 'small muted', lang: 'en' }, error.detail.reason))
  byId('outcome').scrollIntoView({ block: 'nearest' })
}

/** @param {string} text @param {...any} children */
export const tell = (text, ...children) => { render(byId('outcome'), h('div', { role: 'status' }, noticeBox(text, 'success', ...children))); byId('outcome').scrollIntoView({ block: 'nearest' }) }

/** Does it, and shows what became of it. @param {() => Promise<any>} work */
export async function attempt(work) {
  try { await work() } catch (error) { fail(error) }
}

/** @param {string} title @param {...any} children */
export function part(title, ...children) {
  // Without a name of its own: its table has one, and two landmarks of one name say nothing.
  return h('section', { class: 'part' }, h('h2', {}, title), ...children)
}

/** @param {string} label @param {any} input */
export function field(label, input) {
  const id = freshId('field')
  input.id = id
  return h('div', { class: 'field' }, h('label', { for: id }, label), input)
}

/** A form in a row that does something when sent. @param {any[]} fields @param {string} action @param {() => Promise<any>} send @param {{danger?:boolean, key?:string}} [options] */
export function form(fields, action, send, { danger = false, key } = {}) {
  return h('form', { class: 'form-row', novalidate: true, on: { submit: event => { event.preventDefault(); void attempt(send) } } },
    fields, h('button', { type: 'submit', class: danger ? 'button button-danger-quiet' : 'button', data: key ? { key } : {} }, action))
}

/** @param {string} caption @param {string[]} heads @param {any[][]} rows */
export function table(caption, heads, rows) {
  if (rows.length === 0) return h('p', { class: 'empty' }, t('people.none'))
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption }, h('table', {},
    h('thead', {}, h('tr', {}, heads.map(head => h('th', { scope: 'col' }, head)))),
    h('tbody', {}, rows.map(cells => h('tr', {}, cells.map((cell, index) => index === 0 ? h('th', { scope: 'row' }, cell) : h('td', {}, cell)))))))
}

/** @param {string} text @param {() => Promise<any>} work @param {{label?:string, danger?:boolean, key?:string}} [options] */
export const button = (text, work, { label, danger = false, key } = {}) => h('button', { type: 'button', class: `button button-small${danger ? ' button-danger-quiet' : ''}`, 'aria-label': label ? `${text} : ${label}` : null, data: key ? { key } : {}, on: { click: () => void attempt(work) } }, text)

/** @param {string[]} capabilities */
export const rights = capabilities => capabilities.length === 0 ? t('people.nothing') : capabilities.map(name => t(`capability.${name}`)).join(', ')

/** @param {string} name */
export const roleName = name => hasText(`role.${name}`) ? t(`role.${name}`) : name

/** @param {string|null} text */
export const moment = text => text ? new Date(text).toLocaleString(language === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'medium', timeStyle: 'short' }) : '–'

/** @param {string} name */
export const password = (name = 'password') => h('input', { type: 'password', name, autocomplete: 'current-password', required: true })

/** @param {string[]} names @param {string[]} [chosen] */
export function capabilityChecks(names, chosen = []) {
  const boxes = names.map(name => h('input', { type: 'checkbox', value: name, checked: chosen.includes(name) }))
  return {
    node: h('fieldset', { class: 'bare' }, h('legend', { class: 'small muted' }, t('people.capabilities')), h('div', { class: 'checks' }, boxes.map((box, index) => h('label', { class: 'check' }, box, t(`capability.${names[index]}`))))),
    get value() { return boxes.filter(box => box.checked).map(box => box.value) },
  }
}

export const CAPABILITIES = ['prepare', 'launch', 'approve', 'edit_register', 'see_personal_data', 'statistics', 'administer']
