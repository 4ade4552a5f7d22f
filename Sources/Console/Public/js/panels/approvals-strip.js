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
    render(strip, lines.map(({ text, go }) => h('p', {}, icon('warning'), ' ', text, go && [' ', h('a', { href: '/approbations' }, t('approvals.answer'))])))
  }
  void look()
  setInterval(look, PERIOD)
  document.addEventListener('visibilitychange', look)
}

/** @param {any} board @param {any} session */
function linesOf(board, session) {
  const waiting = board.approvals.filter(one => one.mayApprove).length
  const refused = board.approvals.filter(one => one.isMine && one.state === 'refused' && Date.now() - new Date(one.decidedAt).getTime() < 3_600_000)
  const told = session.capabilities.includes('approve') || session.capabilities.includes('administer')
  return [
    ...(waiting > 0 ? [{ text: t('approvals.asked', { count: waiting }), go: true }] : []),
    ...refused.map(one => ({ text: t('approvals.refused', { subject: one.subject, user: one.decidedBy, reason: one.reason }), go: false })),
    ...(told ? board.alone : []).map(one => ({ text: t(one.change === 'amend' || one.change === 'join' ? `approvals.alone.${one.change}` : 'approvals.alone', { id: String(one.campaign), user: one.user, time: n.dateTime(one.at), reason: one.reason }), go: false })),
  ]
}
