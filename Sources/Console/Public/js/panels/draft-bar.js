/** Above the steps: where the draft is kept, who else has it open, what they changed, and the organisation's other drafts. */
import { continueAsNew, dismiss, keepAnyway, openDraft, putBack, refreshDrafts, removeDraft, startAnother, StayHere } from '../core/drafts.js'
import { announce } from '../core/announce.js'
import { ask } from '../core/dialog.js'
import { errorBox, noticeBox } from '../core/errors.js'
import { byId, h, icon, render } from '../core/dom.js'
import { store } from '../core/state.js'
import { n, t } from '../core/texts.js'

/** Milliseconds between two looks at the list, while nothing is prepared here or it is open. */
const PERIOD = 5000

/** Who else has it open, in words. @param {{user:string, pages:number}[]} people @param {string} user */
function presence(people, user) {
  const others = people.filter(one => one.user !== user).map(one => one.user)
  const own = people.find(one => one.user === user)?.pages ?? 0
  return [others.length > 0 && t('draft.others', { count: others.length, names: others.join(', ') }), own > 1 && t('draft.otherPage')].filter(Boolean)
}

function statusLine({ status, at }) {
  if (status === 'none') return null
  const words = { saving: () => t('draft.saving'), kept: () => t('draft.kept', { time: n.time(at) }), tab: () => t('draft.inTab'), large: () => t('draft.large'), gone: () => t('draft.notKept') }[status]
  const isGood = status === 'kept' || status === 'saving'
  return h('p', { class: `draft-status${isGood ? '' : ' draft-status-warning'}` }, icon(isGood ? 'check' : 'warning'), h('span', {}, words()))
}

function noticeOf(notice) {
  if (!notice) return null
  const button = (text, run) => h('button', { type: 'button', class: 'button button-small', on: { click: run } }, text)
  const actions = {
    changed: () => [button(t('draft.understood'), dismiss)],
    refused: () => [button(t('draft.understood'), dismiss), button(t('draft.putBack'), () => putBack(notice))],
    removed: () => [button(t('draft.keepAnyway'), keepAnyway), button(t('draft.another'), () => { startAnother().catch(() => {}) })],
    launched: () => [h('a', { class: 'button button-small', href: '#/campagnes' }, t('draft.seeCampaigns')), button(t('draft.asNew'), continueAsNew), button(t('draft.another'), () => { startAnother().catch(() => {}) })],
  }[notice.kind]()
  return noticeBox(notice.text, notice.kind === 'changed' ? 'info' : 'warning', h('div', { class: 'notice-actions' }, actions))
}

export function mountDraftBar() {
  const root = byId('draft-bar')
  const state = h('div', {})
  const list = h('div', {})
  const failure = h('div', {})
  const fold = h('details', { class: 'fold', id: 'draft-list', on: { toggle: () => { if (fold.open) void refreshDrafts() } } }, h('summary', {}), h('div', {}, failure, list))
  root.append(state, fold)

  const attempt = work => async () => {
    render(failure)
    try { await work() } catch (error) { if (!(error instanceof StayHere)) render(failure, errorBox(error)) }
  }
  async function remove(draft, name) {
    if (!await ask({ title: t('draft.removeTitle', { name }), lines: [t('draft.removeText')], confirm: t('draft.removeGo'), danger: true })) return
    await removeDraft(draft.key)
    announce(t('draft.removed', { name }))
    fold.querySelector('summary').focus()
  }
  function row(draft, isHere) {
    const name = draft.name || t('draft.noName')
    return h('li', { class: 'pick draft-row' },
      h('span', { class: 'pick-name' }, name, h('span', { class: 'muted small' }, ` ${t('draft.changedAt', { user: draft.changedBy, time: n.dateTime(new Date(draft.changedAt)) })}`)),
      h('span', { class: 'row row-buttons' },
        isHere ? h('span', { class: 'tag' }, t('draft.here')) : h('button', { type: 'button', class: 'button button-small', data: { key: `open-${draft.key}` }, 'aria-label': t('draft.openNamed', { name }), on: { click: attempt(() => openDraft(draft.key)) } }, t('draft.open')),
        h('button', { type: 'button', class: 'button button-small', data: { key: `remove-${draft.key}` }, 'aria-label': t('draft.removeNamed', { name }), on: { click: attempt(() => remove(draft, name)) } }, t('draft.remove'))))
  }

  store.watch(({ sync, session, draft }) => [sync, session, draft.requestKey], ([sync, session, key]) => {
    const people = presence(sync.people, session?.user ?? '')
    render(state, statusLine(sync), people.length > 0 && h('p', { class: 'draft-people' }, icon('user'), h('span', {}, people.join(' '))), noticeOf(sync.notice))
    const isHere = sync.status !== 'none'
    fold.hidden = sync.list.length === 0 && !isHere && !sync.listError
    render(fold.querySelector('summary'), t('draft.list', { count: sync.list.length }))
    render(list, sync.listError && errorBox(sync.listError),
      sync.list.length === 0 ? h('p', { class: 'empty' }, t('draft.noneYet')) : h('ul', { class: 'plain' }, sync.list.map(one => row(one, one.key === key))),
      isHere && h('p', {}, h('button', { type: 'button', class: 'button button-small', data: { key: 'draft-another' }, on: { click: attempt(startAnother) } }, t('draft.another'))))
  })
  // On arrival what waits is seen without a gesture; later only if somebody opens it.
  store.watch(({ sync }) => [sync.list.length > 0, sync.status], ([some, status]) => { fold.open = some && status === 'none' })
  let known = ''
  store.watch(({ sync, session }) => presence(sync.people, session?.user ?? '').join(' '), now => { if (now && now !== known) announce(now); known = now })
  setInterval(() => {
    const { sync, connection, route } = store.get()
    if ((fold.open || sync.status === 'none') && !document.hidden && connection.ok && route.name === 'draft') void refreshDrafts()
  }, PERIOD)
}
