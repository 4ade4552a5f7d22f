/** What people wrote back: what no machine could read comes first to a person. */
import { call, post } from './core/api.js'
import { attempt, button, field, moment, openDesk, part } from './core/desk.js'
import { byId, h, icon, render } from './core/dom.js'
import { t } from './core/texts.js'

const PARTS = ['unread', '', 'acknowledged', 'refused']

const select = h('select', { data: { key: 'part' }, on: { change: () => void attempt(() => show(false)) } }, PARTS.map(one => h('option', { value: one }, t(`inbox.part.${one || 'all'}`))))
const campaign = h('input', { type: 'text', inputmode: 'numeric', maxlength: 12, autocomplete: 'off', data: { key: 'campaign' } })
const count = h('p', { role: 'status' })
const waiting = h('div', { class: 'actions' })
const list = h('ul', { class: 'messages' })
const more = h('button', { type: 'button', class: 'button', hidden: true, on: { click: () => void attempt(() => show(true)) } }, t('inbox.more'))
const all = h('button', { type: 'button', class: 'button', hidden: true, data: { key: 'read-all' }, on: { click: () => void attempt(() => read(shown.filter(one => one.unread).map(one => one.number))) } }, t('inbox.readAll'))
const words = h('div', {})
let maySee = false
let shown = []

/** @param {boolean} isMore whether older ones follow those that stand there */
async function show(isMore) {
  const asked = new URLSearchParams({ limit: '50' })
  if (select.value) asked.set('part', select.value)
  if (/^[0-9]{1,12}$/.test(campaign.value.trim()) && Number(campaign.value) > 0) asked.set('campaign', String(Number(campaign.value)))
  if (isMore) asked.set('before', String(shown.at(-1).number))
  const page = await call('GET', `/api/inbox?${asked}`)
  shown = isMore ? [...shown, ...page.messages] : page.messages
  count.textContent = t('inbox.count', { count: page.unread })
  render(waiting, page.campaigns.map(one => h('button', { type: 'button', class: 'button button-small', data: { key: `waiting-${one.campaign}` }, on: { click: () => { campaign.value = String(one.campaign); select.value = 'unread'; void attempt(() => show(false)) } } }, t('inbox.waiting', { id: String(one.campaign), subject: one.subject, count: one.unread }))))
  more.hidden = !page.isMore
  render(words, page.words.map(one => h('p', {}, h('strong', {}, meaning(one.meaning)), ' ', one.words.join(', '))))
  draw()
}

/** @param {string} name `yes`, or `yes:es` for a language's own */
function meaning(name) {
  const [what, language] = name.split(':')
  return t(`inbox.words.${what}`, { language: language ? ` (${language})` : '' })
}

function draw() {
  all.hidden = !maySee || !shown.some(one => one.unread)
  render(list, shown.length === 0 ? h('li', { class: 'empty' }, t(select.value === 'unread' ? 'inbox.noneUnread' : 'inbox.none')) : shown.map(line))
}

/** @param {any} one */
const line = one => h('li', { class: `message${one.unread ? ' message-unread' : ''}`, data: { message: String(one.number) } },
  h('p', { class: 'marks' },
    one.unread && h('span', { class: 'mark-bad' }, icon('warning'), ' ', t('inbox.mark.unread')),
    one.acknowledged && h('span', { class: 'mark-good' }, icon('check'), ' ', t('inbox.mark.acknowledged')),
    one.refused && h('span', {}, icon('info'), ' ', t('inbox.mark.refused')),
    !one.unread && !one.acknowledged && !one.refused && h('span', {}, t('inbox.mark.read'))),
  maySee && h('p', { class: 'message-text' }, one.text),
  h('p', { class: 'message-head' },
    h('span', {}, moment(one.at)),
    maySee && h('span', {}, t('inbox.from', { sender: one.sender })),
    one.recipient && h('span', {}, t('inbox.recipient', { id: one.recipient })),
    one.repeats > 0 && h('span', {}, t('inbox.repeats', { count: one.repeats })),
    one.incomplete && h('span', {}, t('inbox.incomplete'))),
  h('p', { class: 'actions' },
    one.campaign ? h('a', { href: `/#/campagnes/${one.campaign}` }, t('inbox.campaign', { id: String(one.campaign), subject: one.subject ?? '' })) : h('span', { class: 'muted' }, t('inbox.noCampaign')),
    one.unread && maySee && button(t('inbox.read'), () => read([one.number]), { label: t('inbox.number', { id: String(one.number) }), key: `read-${one.number}` })))

/** @param {number[]} numbers */
async function read(numbers) {
  for (let start = 0; start < numbers.length; start += 200) await post('/api/inbox/read', { numbers: numbers.slice(start, start + 200) })
  const done = new Set(numbers)
  shown = shown.map(one => (done.has(one.number) ? { ...one, unread: false } : one))
  draw()
  const page = await call('GET', '/api/inbox?limit=1&part=unread')
  count.textContent = t('inbox.count', { count: page.unread })
  if (!list.contains(document.activeElement)) (list.querySelector('[data-key^=read-]') ?? select).focus()
}

void openDesk('inbox.title', async session => {
  maySee = session.capabilities.includes('see_personal_data')
  campaign.value = new URLSearchParams(location.search).get('campagne') ?? ''
  if (campaign.value) select.value = ''
  render(byId('content'),
    part(t('inbox.waitingTitle'), count, waiting, !maySee && h('p', { class: 'muted' }, t('inbox.hidden'))),
    part(t('inbox.listTitle'),
      h('form', { class: 'form-row', novalidate: true, on: { submit: event => { event.preventDefault(); void attempt(() => show(false)) } } },
        field(t('inbox.show'), select), field(t('inbox.campaignField'), campaign), h('button', { type: 'submit', class: 'button' }, t('inbox.go'))),
      list, h('p', { class: 'actions' }, more, all)),
    part(t('inbox.wordsTitle'), h('p', { class: 'muted' }, t('inbox.wordsLead')), words))
  await show(false)
})
