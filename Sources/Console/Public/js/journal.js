/** The journal of operations: who did what, on what, when; figures alone for who may not see people. */
import { call } from './core/api.js'
import { fail, openDesk } from './core/desk.js'
import { noticeBox } from './core/errors.js'
import { byId, h, render } from './core/dom.js'
import { language, t } from './core/texts.js'

const PAGE = 100
const ENTRIES = ['time', 'actor', 'action', 'subject', 'detail']
const FIGURES = ['action', 'entries', 'last']

const field = id => /** @type {HTMLInputElement} */ (byId(id))
const fields = ['action', 'actor', 'since', 'until']
const outcome = byId('outcome')
const rows = byId('rows')
const more = /** @type {HTMLButtonElement} */ (byId('more'))
const when = new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'short', timeStyle: 'medium' })
let mayRead = false
let last = 0

/** A day chosen is one of the reader's clock: it begins and ends there. */
const moment = (day, clock) => new Date(`${day}T${clock}`).toISOString().replace(/\.\d+/, '')

function question() {
  const asked = new URLSearchParams()
  for (const id of fields) {
    const value = field(id).value.trim()
    if (value !== '') asked.set(id, id === 'since' ? moment(value, '00:00:00') : id === 'until' ? moment(value, '23:59:59') : value)
  }
  return asked
}

const words = detail => Object.entries(detail).map(([key, value]) => `${key}=${value}`).join(' ')
const head = names => render(byId('columns'), ...names.map(name => h('th', { scope: 'col' }, t(`journal.column.${name}`))))
const row = cells => h('tr', {}, ...cells.map(cell => h('td', {}, cell)))

async function show(isMore) {
  try {
    const asked = question()
    if (!mayRead) {
      const { actions } = await call('GET', `/api/audit/figures?${asked}`)
      render(rows, ...actions.map(one => row([one.action, String(one.entries), when.format(new Date(one.lastAt))])))
    } else {
      asked.set('limit', String(PAGE))
      if (isMore) asked.set('before', String(last))
      const { entries } = await call('GET', `/api/audit?${asked}`)
      const lines = entries.map(one => row([when.format(new Date(one.at)), one.actor, one.action, one.subject, words(one.detail)]))
      if (isMore) rows.append(...lines)
      else render(rows, ...lines)
      more.hidden = entries.length < PAGE
      last = entries.at(-1)?.number ?? last
      for (const format of ['csv', 'jsonl']) {
        const file = question()
        file.set('format', format)
        byId(format).setAttribute('href', `/api/audit/export?${file}`)
      }
    }
    render(outcome, rows.children.length === 0 && noticeBox(t('journal.nothing')))
  } catch (error) { fail(error) }
}

byId('form').addEventListener('submit', event => {
  event.preventDefault()
  void show(false)
})
more.addEventListener('click', () => void show(true))
void openDesk('journal.title', async session => {
  mayRead = session.capabilities.includes('administer')
  head(mayRead ? ENTRIES : FIGURES)
  byId('files').hidden = !mayRead
  await show(false)
})
