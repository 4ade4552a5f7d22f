/** A failure in words: what happened, and what to do next. */
import { hasText, language, t } from './texts.js'
import { h, icon } from './dom.js'

/** @param {any} error @returns {{what:string, remedy:string|null, reference:string|null}} */
export function explain(error) {
  const code = error?.code ?? 'unexpected'
  const ours = `error.${code}`
  const detail = error?.detail ?? {}
  const place = typeof detail.ring === 'number' && typeof detail.vertex === 'number' && language !== 'fr'
    ? ` ${t('error.place', { ring: detail.ring + 1, vertex: detail.vertex + 1 })}` : ''
  // The server's sentence is French and the most precise; the other language falls back on the catalogue.
  const what = language === 'fr' && error?.message && code !== 'network' ? error.message
    : hasText(ours) ? t(ours) + place : error?.message || t('error.unexpected')
  const remedy = hasText(`remedy.${code}`) ? t(`remedy.${code}`) : null
  return { what, remedy, reference: (error?.status ?? 0) >= 500 ? error.requestId : null }
}

/** @param {any} error @param {{id?:string, actions?:Node[]}} [options] */
export function errorBox(error, { id, actions = [] } = {}) {
  const { what, remedy, reference } = explain(error)
  return h('div', { class: 'notice notice-error', id, role: 'alert' }, icon('warning'),
    h('div', { class: 'notice-body' },
      h('p', {}, h('strong', {}, what)), remedy && h('p', {}, remedy),
      reference && h('p', { class: 'small' }, t('error.reference', { reference })),
      actions.length > 0 && h('div', { class: 'notice-actions' }, actions)))
}

/** @param {string} text @param {'warning'|'info'|'success'} [kind] */
export function noticeBox(text, kind = 'warning', ...children) {
  return h('div', { class: `notice notice-${kind}` }, icon(kind === 'warning' ? 'warning' : kind === 'success' ? 'check' : 'info'),
    h('div', { class: 'notice-body' }, h('p', {}, text), ...children))
}
