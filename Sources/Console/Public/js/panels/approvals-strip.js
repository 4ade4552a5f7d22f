/** A strip under the header: what waits for one's approval, what was refused, and launches without a second person. */
import { get } from '../core/api.js'
import { byId, h, icon, render } from '../core/dom.js'
import { n, t } from '../core/texts.js'

/** A request is one small read; three minutes is all the time approvers have. */
const PERIOD = 10_000

/** @param {any} session */
export function watchApprovals(session) {
  if (!session.capabilities.includes('statistics')) return
  const strip = byId('asked')
  let last = ''
  async function look() {
    if (document.hidden) return
    let board
    try { board = await get('/api/approvals') } catch { return }
    const lines = linesOf(board, session)
    const key = JSON.stringify(lines)
    if (key === last) return
    last = key
    strip.hidden = lines.length === 0
    render(strip, lines.map(({ text, go, hide }) => h('p', {}, icon('warning'), ' ', text, go && [' ', h('a', { href: go.href }, t(go.words))], hide && [' ', h('button', { type: 'button', class: 'button-link', on: { click: () => { hide(); void look() } } }, t('second.hide'))])))
  }
  void look()
  setInterval(look, PERIOD)
  document.addEventListener('visibilitychange', look)
}

const ANSWER = { href: '/approbations', words: 'approvals.answer' }
const HIDDEN = 'tocsin.alone.hidden'

/** Nobody else may approve: said at each sign-in to whoever launches, until they have read it. @param {any} session */
const isHidden = session => { try { return sessionStorage.getItem(HIDDEN) === session.user } catch { return false } }

/** @param {any} board @param {any} session */
function linesOf(board, session) {
  const may = one => session.capabilities.includes(one)
  const isFresh = one => Date.now() - new Date(one.decidedAt).getTime() < 3_600_000
  const waiting = board.approvals.filter(one => one.mayApprove).length
  const texts = board.amendments.filter(one => one.mayApprove).length
  const refused = board.approvals.filter(one => one.isMine && one.state === 'refused' && isFresh(one))
  const refusedTexts = board.amendments.filter(one => one.isMine && one.state === 'refused' && isFresh(one))
  const told = may('approve') || may('administer')
  return [
    ...(waiting > 0 ? [{ text: t('approvals.asked', { count: waiting }), go: ANSWER }] : []),
    ...(texts > 0 ? [{ text: t('texts.asked', { count: texts }), go: ANSWER }] : []),
    ...(board.handed > 0 ? [{ text: t('handed.asked', { count: board.handed }), go: ANSWER }] : []),
    ...(board.scenarios > 0 ? [{ text: t('scenarios.waiting', { count: board.scenarios }), go: { ...ANSWER, href: '/scenarios' } }] : []),
    ...refused.map(one => ({ text: t('approvals.refused', { subject: one.subject, user: one.decidedBy, reason: one.reason }) })),
    ...refusedTexts.map(one => ({ text: t('texts.refused', { id: String(one.campaign), user: one.decidedBy, reason: one.reason }) })),
    ...(told ? board.alone : []).map(one => ({ text: t(one.change === 'amend' || one.change === 'join' ? `approvals.alone.${one.change}` : 'approvals.alone', { id: String(one.campaign), user: one.user, time: n.dateTime(one.at), reason: one.reason }) })),
    ...(board.approvers === 0 && may('launch') && !isHidden(session) ? [{ text: t('second.nobody'), go: may('administer') ? { href: '/administration', words: 'second.add' } : null, hide: () => { try { sessionStorage.setItem(HIDDEN, session.user) } catch { /* it is said again */ } } }] : []),
  ]
}
