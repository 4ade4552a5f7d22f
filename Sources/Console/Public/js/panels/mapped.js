/** Codes that are no whole commune of today: what each was read as, and why. */
import { noticeBox } from '../core/errors.js'
import { h } from '../core/dom.js'
import { n, t } from '../core/texts.js'

/** Said at once; the rest is folded. */
const SAID = 3
const named = ({ code, name }) => (name ? `${name} (${code})` : code)
const target = one => (one.part ? t('mapped.part', { name: named(one) }) : named(one))
const line = one => h('li', {}, h('span', { class: 'mapped-from' }, named(one)), ' → ', one.to.map(target).join(', '), h('span', { class: 'muted' }, ` – ${t(`mapped.why.${one.why}`)}${one.since ? ` ${t('mapped.since', { date: n.date(one.since) })}` : ''}`))

/** @param {any[]|undefined} mapped of the server's counts @returns {any} a notice, or null */
export function mappedNotice(mapped) {
  if (!mapped?.length) return null
  const rest = mapped.slice(SAID)
  return noticeBox(t('mapped.title', { count: mapped.length }), 'info',
    h('ul', { class: 'mapped' }, mapped.slice(0, SAID).map(line)),
    rest.length > 0 && h('details', {}, h('summary', {}, t('mapped.rest', { count: rest.length })), h('ul', { class: 'mapped' }, rest.map(line))))
}
