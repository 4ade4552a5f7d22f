/** People who may be twice in the register: compared side by side, made one, or said to be two. */
import { get, post } from './core/api.js'
import { announce } from './core/announce.js'
import { attempt, button, moment, openDesk, part, tell } from './core/desk.js'
import { ask } from './core/dialog.js'
import { byId, freshId, h, icon, render } from './core/dom.js'
import { noticeBox } from './core/errors.js'
import { hasText, n, t } from './core/texts.js'
import { differing, metresApart, proposedKept, takenOf, united, VALUES } from './pure/doubles.js'

const status = h('p', { role: 'status', id: 'doubles-status' })
const list = h('div', { class: 'desk-list', id: 'doubles' })
const more = h('button', { type: 'button', class: 'button', hidden: true, on: { click: () => void attempt(() => search({ isMore: true })) } }, t('doubles.more'))
const done = h('div', {})
let next = null
let mayMerge = false

/** @param {{isMore?:boolean, again?:boolean}} how */
async function search({ isMore = false, again = false } = {}) {
  status.textContent = t(again ? 'doubles.searching' : 'common.loading')
  let page = await post('/api/register/doubles', { start: isMore ? next : 0, again })
  // Of groups that are settled by now there may be many one after the other.
  while (page.groups.length === 0 && page.next !== null) page = await post('/api/register/doubles', { start: page.next })
  next = page.next ?? null
  const hadFocus = document.activeElement === more
  more.hidden = next === null
  status.textContent = page.groups.length === 0 && !isMore ? t('doubles.none', { at: moment(page.at) })
    : t(page.isCut ? 'doubles.foundCut' : 'doubles.found', { count: page.found, at: moment(page.at) })
  const groups = page.groups.map(group)
  if (!isMore) { render(list, groups); return }
  list.append(...groups)
  announce(t('doubles.moreShown', { count: groups.length }))
  // The button may be gone with the last page: the keyboard goes on at the first of what came.
  if (hadFocus) (groups[0]?.querySelector('h2') ?? byId('doubles-again')).focus()
}

/** One group: two of its people are compared at a time. @param {any} found */
function group(found) {
  let people = found.people
  let kept = proposedKept(people)
  let absorbed = people.find(one => one !== kept)
  /** Which card each value that was picked by hand is taken from. */
  const picked = new Map()
  let taken = takenOf(kept, absorbed, picked)
  const node = h('article', { class: 'double', data: { double: people.map(one => one.id).join('-') } })
  const title = freshId('double'), stays = freshId('stays'), joins = freshId('joins')
  node.setAttribute('aria-labelledby', title)

  function choose(first, second) {
    kept = first
    absorbed = second
    taken = takenOf(kept, absorbed, picked)
    draw()
  }

  function draw() {
    const differences = differing(kept, absorbed)
    const metres = metresApart(kept, absorbed)
    const contacts = united(kept, absorbed)
    const lists = [...new Set([...kept.lists, ...absorbed.lists])].sort()
    render(node,
      h('h2', { id: title, tabindex: '-1' }, t(`doubles.reason.${found.reason}`)),
      people.length > 2 && chooser(),
      found.others > 0 && h('p', { class: 'muted', data: { others: String(found.others) } }, t('doubles.others', { count: found.others })),
      h('table', { class: 'double-table' },
        h('thead', {}, h('tr', {}, h('td', {}), h('th', { scope: 'col', id: stays }, t('doubles.stays', { id: String(kept.id) })), h('th', { scope: 'col', id: joins }, t('doubles.joins', { id: String(absorbed.id) })))),
        h('tbody', {},
          // What neither has takes no line.
          VALUES.filter(value => value === 'place' || kept[value] || absorbed[value]).map(value => row(value, differences.includes(value))),
          line(t('doubles.contacts'), card => h('ul', {}, card.contacts.map(contact))),
          lists.length > 0 && line(t('doubles.lists'), card => card.lists.join(', ') || '–'),
          kept.tags.length + absorbed.tags.length > 0 && line(t('doubles.tags'), card => card.tags.join(', ') || '–'),
          line(t('doubles.source'), card => card.source ?? t('doubles.byHand')))),
      h('p', {}, h('strong', {}, t('doubles.after')), ' ', t('doubles.afterContacts', { count: contacts.length }), ' ', lists.length > 0 && t('doubles.afterLists', { names: lists.join(', ') }),
        ' ', contacts.some(one => one.consent === 'refused') && t('doubles.afterRefused')),
      metres !== null && metres > 100 && h('p', { class: 'marks' }, h('span', { class: 'mark-bad' }, icon('warning'), ' ', t('doubles.apart', { distance: n.distance(metres) }))),
      found.reason === 'contact' && h('p', { class: 'muted' }, t('doubles.household')),
      mayMerge && h('p', { class: 'actions' },
        button(t('doubles.merge'), merge, { label: kept.name, key: `merge-${kept.id}-${absorbed.id}` }),
        button(t('doubles.swap'), async () => { choose(absorbed, kept); node.querySelector('[data-key^=swap]')?.focus() }, { label: kept.name, key: `swap-${people[0].id}` }),
        button(t('doubles.apartButton'), keepApart, { label: kept.name, key: `apart-${people[0].id}` })))
  }

  /** Which two of several. */
  function chooser() {
    const select = (chosen, other, label, take) => h('label', {}, label, ' ', h('select', { data: { key: `${label}-${people[0].id}` }, on: { change: event => take(people.find(one => String(one.id) === event.target.value)) } },
      people.filter(one => one !== other).map(one => h('option', { value: String(one.id), selected: one === chosen }, `${one.name} (${one.id})`))))
    return h('p', { class: 'actions' }, select(kept, absorbed, t('doubles.keptChoice'), one => choose(one, absorbed)), select(absorbed, kept, t('doubles.absorbedChoice'), one => choose(kept, one)))
  }

  const line = (label, show) => h('tr', {}, h('th', { scope: 'row' }, label), h('td', { data: { who: t('doubles.staysShort') } }, show(kept)), h('td', { data: { who: t('doubles.joinsShort') } }, show(absorbed)))

  function row(value, differs) {
    if (!differs) return line(t(`doubles.value.${value}`), card => shown(card, value))
    const name = freshId('choice'), label = freshId('value')
    // Two cells of a table can't be one group: each says by itself which value it is of, which card, and what it has.
    const option = (card, isTaken) => {
      const text = freshId('option')
      return h('label', { class: 'check' }, h('input', {
        type: 'radio', name, checked: taken.has(value) === isTaken, 'aria-labelledby': `${label} ${isTaken ? joins : stays} ${text}`,
        data: { choice: `${value}-${isTaken ? 'absorbed' : 'kept'}` },
        on: { change: () => { picked.set(value, card.id); if (isTaken) taken.add(value); else taken.delete(value) } }
      }), h('span', { id: text }, shown(card, value)))
    }
    return h('tr', { class: 'differs', role: 'row' }, h('th', { scope: 'row', id: label }, t(`doubles.value.${value}`), h('span', { class: 'visually-hidden' }, ` ${t('doubles.differs')}`)), h('td', { data: { who: t('doubles.staysShort') } }, option(kept, false)), h('td', { data: { who: t('doubles.joinsShort') } }, option(absorbed, true)))
  }

  async function merge() {
    const lines = [t('doubles.confirmLine', { kept: String(kept.id), absorbed: String(absorbed.id) }), t('doubles.confirmUndo')]
    const metres = metresApart(kept, absorbed)
    if (metres !== null && metres > 100) lines.push(t('doubles.apart', { distance: n.distance(metres) }))
    if (!await ask({ title: t('doubles.confirmTitle'), lines, confirm: t('doubles.confirmYes') })) return
    await post('/api/register/doubles/merge', { kept: { id: kept.id, version: kept.version }, absorbed: { id: absorbed.id, version: absorbed.version }, taking: [...taken] })
    await settled(t('doubles.merged', { kept: String(kept.id), absorbed: String(absorbed.id) }), [absorbed.id])
  }

  async function keepApart() {
    // The two that are compared: of several, the others may still be one of them.
    const pair = [kept.id, absorbed.id]
    await post('/api/register/doubles/apart', { ids: pair })
    if (people.length === 2) { await settled(t('doubles.keptApart'), pair); return }
    await search({})
    tell(t('doubles.keptApart'))
    announce(t('doubles.keptApart'))
    byId('doubles-again').focus()
  }

  /** @param {string} text @param {number[]} gone */
  async function settled(text, gone) {
    const following = node.nextElementSibling
    people = people.filter(one => !gone.includes(one.id))
    if (people.length < 2) node.remove()
    else {
      // Its card is another since: read again before anything else is done with it.
      people = await Promise.all(people.map(one => (one.id === kept.id ? get(`/api/register/people/${one.id}`) : one)))
      // What was picked of two cards says nothing of the next.
      picked.clear()
      const stayed = people.find(one => one.id === kept.id) ?? people[0]
      choose(stayed, people.find(one => one !== stayed))
    }
    tell(text)
    announce(text)
    await showMerges()
    const place = (people.length < 2 ? following : node)?.querySelector('h2') ?? byId('doubles-again')
    place.focus()
  }

  draw()
  return node
}

/** @param {any} card @param {string} value */
function shown(card, value) {
  if (value === 'place') {
    return [[card.address, [card.postcode, card.commune].filter(Boolean).join(' ')].filter(Boolean).join(', ') || t('doubles.noPlace'), h('br'), h('span', { class: 'small muted' }, t(`register.precision.${card.precision}`))]
  }
  if (value === 'kind') return t(`register.kind.${card.kind}`)
  if (value === 'language') return hasText(`register.language.${card.language}`) ? t(`register.language.${card.language}`) : card.language
  return card[value] || '–'
}

const contact = one => h('li', {}, `${t(`channel.${one.channel}`)}${t('doubles.colon')}${one.address}`, one.consent === 'refused' && h('strong', {}, ` (${t('doubles.refused')})`), one.isEmergency && ` (${t('doubles.emergency')})`)

async function showMerges() {
  const { merges } = await get('/api/register/merges')
  render(done, merges.length === 0 ? h('p', { class: 'empty' }, t('doubles.noMerges')) : h('ul', { class: 'desk-list bullets' }, merges.map(one => h('li', {},
    h('a', { href: `/registre#fiche-${one.kept}` }, t('doubles.mergeLine', { kept: String(one.kept), absorbed: String(one.absorbed) })), ' ', h('span', { class: 'muted' }, t('doubles.mergeBy', { by: one.by, at: moment(one.at) })), ' ',
    one.canBeUndone ? mayMerge && button(t('doubles.undo'), () => undo(one), { label: t('doubles.mergeLine', { kept: String(one.kept), absorbed: String(one.absorbed) }), key: `undo-${one.id}` }) : h('span', { class: 'muted' }, one.undoFirst === null ? t('doubles.cannotUndo') : t('doubles.undoFirst', { absorbed: String(one.undoFirst), kept: String(one.kept) }))))))
}

/** @param {any} one */
async function undo(one) {
  if (!await ask({ title: t('doubles.undoTitle'), lines: [t('doubles.undoLine')], confirm: t('doubles.undo') })) return
  await post(`/api/register/merges/${one.id}/undo`, {})
  await showMerges()
  await search({})
  tell(t('doubles.undone'))
  announce(t('doubles.undone'))
  // Its line is gone: the keyboard goes on at the next one.
  const following = /** @type {HTMLElement|null} */ (done.querySelector('[data-key^=undo-]'))
  if (following) following.focus()
  else byId('doubles-again').focus()
}

void openDesk('doubles.title', async session => {
  const may = name => session.capabilities.includes(name)
  mayMerge = may('edit_register') && may('see_personal_data')
  if (!mayMerge) { render(byId('content'), noticeBox(t('doubles.notAllowed'), 'info')); return }
  const again = button(t('doubles.again'), () => search({ again: true }), { key: 'again' })
  again.id = 'doubles-again'
  render(byId('content'),
    part(t('doubles.toSettle'), h('p', { class: 'muted' }, t('doubles.explain')), h('p', { class: 'actions' }, status, again, h('a', { class: 'button button-small', href: '/registre' }, t('doubles.register'))), list, h('p', { class: 'actions' }, more)),
    part(t('doubles.lately'), h('p', { class: 'muted' }, t('doubles.latelyLead')), done))
  await Promise.all([search({}), showMerges()])
})
