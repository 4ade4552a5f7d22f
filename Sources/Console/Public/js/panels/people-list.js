/** A campaign's people over the map: lists by what became of it for them, page by page, and files to take away. */
import { helped } from '../core/help-mark.js'
import { get } from '../core/api.js'
import { store } from '../core/state.js'
import { errorBox } from '../core/errors.js'
import { announce } from '../core/announce.js'
import { byId, h, icon, render } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { MODE } from '../core/world.js'
import { listAddress, withGroup } from '../pure/people.js'
import { readReport } from '../pure/report.js'

const GROUPS = ['not_reached', 'failed', 'unreachable', 'cancelled', 'not_acknowledged', 'acknowledged', 'answered', 'passed', 'pending', 'not_located']
const CAUSES = ['busy', 'no_answer', 'network', 'refused', 'throttled', 'invalid_address', 'expired', 'unavailable', 'withheld']
const WITH_CAUSE = ['not_reached', 'failed', 'not_acknowledged', 'passed']
const LIMIT = 50

/** Whether lists name people here: not in an exercise, and only by right. */
export const mayList = () => MODE === 'real' && Boolean(store.get().session?.capabilities?.includes('see_personal_data'))

/** @param {Record<string, string>} filter */
export const openPeople = filter => store.set({ peopleOpen: filter, reportOpen: false })

export function mountPeopleList() {
  const root = byId('people')
  /** Where each page shown began: the way back. @type {number[]} */ let starts = []
  let filter = {}
  let choices = { lists: [], tags: [], communes: [] }
  let total = null
  let ticket = 0
  const body = h('div', { class: 'people-rows' })
  const failures = h('div', {})
  const form = h('form', { class: 'people-filter', on: { submit: event => event.preventDefault() } })
  const id = () => store.get().followed?.id
  const address = (path, more = {}) => listAddress(id(), path, filter, more)

  function close() {
    const key = filter.group
    store.set({ peopleOpen: null })
    const opener = document.querySelector(`[data-key="people-${key}"]`) ?? document.querySelector('[data-key="open-people"]')
    if (opener instanceof HTMLElement) opener.focus()
  }

  const choice = (name, label, options) => {
    const input = h('select', { id: `people-${name}`, data: { key: `filter-${name}` }, on: { change: () => change(name, input.value) } }, options.map(([value, text]) => h('option', { value }, text)))
    input.value = filter[name] ?? ''
    return h('div', { class: 'field' }, h('label', { for: `people-${name}` }, label), input)
  }
  function change(name, value) {
    filter = name === 'group' ? withGroup(filter, value) : { ...filter, [name]: value }
    starts = []
    drawForm()
    void load(0)
  }
  function drawForm() {
    const all = ['', t('listed.any')]
    const inCampaign = filter.group !== 'not_located'
    const vulnerable = h('input', { type: 'checkbox', data: { key: 'filter-vulnerable' }, on: { change: event => change('vulnerable', event.target.checked ? 'yes' : '') } })
    vulnerable.checked = filter.vulnerable === 'yes'
    render(form,
      choice('group', t('listed.group'), GROUPS.map(group => [group, t(`listed.group.${group}`)])),
      inCampaign && choice('channel', t('listed.channel'), [all, ...['sms', 'voice', 'email', 'fax'].map(channel => [channel, t(`channel.${channel}`)])]),
      inCampaign && WITH_CAUSE.includes(filter.group) && choice('cause', t('listed.cause'), [all, ...CAUSES.map(cause => [cause, t(`cause.${cause}`)])]),
      inCampaign && choice('commune', t('listed.commune'), [all, ...choices.communes.map(({ code, name }) => [code, `${name} (${code})`])]),
      choices.lists.length > 0 && choice('list', t('listed.list'), [all, ...choices.lists.map(({ name }) => [name, name])]),
      choices.tags.length > 0 && choice('tag', t('listed.tag'), [all, ...choices.tags.map(({ name }) => [name, name])]),
      h('label', { class: 'check' }, vulnerable, t('listed.vulnerable')))
  }

  const wayText = way => `${t(`channel.${way.channel}`)} ${way.address} : ${t(`way.${way.state}`)}${way.cause ? ` (${t(`cause.${way.cause}`)})` : ''}`
  const stateKey = person => (person.state === null ? 'notLocated' : person.state)
  const row = person => h('tr', {},
    h('th', { scope: 'row' }, person.name ?? h('span', { class: 'muted' }, t('listed.gone', { id: person.id }))),
    h('td', {}, [person.address, person.building].filter(Boolean).join(', ') || '–'),
    h('td', {}, person.commune ?? person.communeCode ?? '–'),
    h('td', {}, h('span', { class: `key key-${stateKey(person)}`, 'aria-hidden': 'true' }), t(person.state === null ? 'listed.state.not_located' : `group.${person.state}`)),
    h('td', {}, person.ways.length > 0 ? h('ul', { class: 'plain' }, person.ways.map(way => h('li', {}, wayText(way)))) : h('span', { class: 'muted' }, t('listed.noWay'))))

  function files() {
    const file = (path, format, text, more = {}) => h('a', { class: 'button button-small', href: address(path, { format }), data: { key: `${path}-${format}` }, ...more }, icon('download'), text)
    return [
      h('div', { class: 'row row-buttons downloads' }, h('span', { class: 'muted' }, t('listed.file')), file('people/file', 'csv', t('listed.file.csv'), { download: '' }), file('people/file', 'xlsx', t('listed.file.xlsx'), { download: '' })),
      filter.group !== 'not_located' && filter.group !== 'acknowledged' && h('section', { 'aria-labelledby': 'doors-title' }, h('h3', { id: 'doors-title' }, t('doors.title')), h('p', { class: 'field-hint' }, t('doors.about')),
        h('div', { class: 'row row-buttons downloads' }, file('doors', 'html', t('doors.print'), { target: '_blank', rel: 'noopener' }), file('doors', 'pdf', t('doors.pdf'), { download: '' }), file('doors', 'csv', t('doors.csv'), { download: '' }),
          filter.group !== 'not_acknowledged' && h('a', { class: 'button button-small', href: listAddress(id(), 'doors', { ...filter, group: 'not_acknowledged', channel: '', cause: '' }, { format: 'html' }), data: { key: 'doors-all' }, target: '_blank', rel: 'noopener' }, icon('download'), t('doors.all')))),
      h('p', { class: 'muted small' }, t('listed.journal')),
    ]
  }

  async function load(after) {
    const mine = (ticket += 1)
    body.setAttribute('aria-busy', 'true')
    try {
      const page = await get(address('people', { limit: LIMIT, ...(after > 0 ? { after } : {}) }))
      if (mine !== ticket) return
      if (page.total !== null) total = page.total
      const first = starts.length * LIMIT + 1
      const turn = (key, text, go, off) => h('button', { type: 'button', class: 'button button-small', disabled: off, data: { key }, on: { click: go } }, text)
      render(body,
        h('p', { class: 'people-count' }, h('strong', { data: { figure: 'people' } }, t('listed.count', { count: total })), ' ', h('span', { class: 'muted' }, t('listed.asOf', { time: n.time(Date.parse(page.at)) }))),
        filter.group === 'not_located' && h('p', {}, t('listed.notLocated')),
        page.people.length === 0 ? h('p', { class: 'empty' }, t('listed.none')) : [
          h('div', { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': t(`listed.group.${filter.group}`) }, h('table', { class: 'data people-table' }, h('caption', { class: 'visually-hidden' }, t(`listed.group.${filter.group}`)),
            h('thead', {}, h('tr', {}, ['name', 'address', 'commune', 'state', 'ways'].map(column => h('th', { scope: 'col' }, t(`listed.column.${column}`))))), h('tbody', {}, page.people.map(row)))),
          h('div', { class: 'row row-buttons pager' }, turn('page-back', t('listed.previous'), () => { const start = starts.pop() ?? 0; void load(start) }, starts.length === 0),
            h('span', {}, t('listed.page', { first, last: first + page.people.length - 1 })), turn('page-on', t('listed.next'), () => { starts.push(after); void load(page.next) }, page.next === null)),
          files()])
      announce(t('listed.count', { count: total }))
    } catch (error) {
      if (mine === ticket) render(body, errorBox(error, { actions: [h('button', { type: 'button', class: 'button button-small', on: { click: () => { void load(after) } } }, t('common.retry'))] }))
    }
    if (mine === ticket) body.removeAttribute('aria-busy')
  }

  async function loadFailures() {
    try {
      const { failures: found } = await get(`/api/campaigns/${encodeURIComponent(id())}/people/failures`)
      render(failures, found.length > 0 && h('details', { class: 'fold' }, h('summary', {}, t('listed.failures')), h('p', { class: 'field-hint' }, t('listed.failuresAbout')),
        h('ul', { class: 'plain causes' }, found.map(({ channel, cause, people }) => h('li', {}, h('span', {}, icon(channel), `${t(`channel.${channel}`)} : ${t(`cause.${cause}`)}`), h('strong', {}, n.integer(people)),
          h('button', { type: 'button', class: 'button button-small', 'aria-label': `${t('listed.showCause')} : ${t(`channel.${channel}`)}, ${t(`cause.${cause}`)}`, on: { click: () => { filter = { ...withGroup(filter, 'failed'), channel, cause }; starts = []; drawForm(); void load(0) } } }, t('listed.showCause')))))))
    } catch { render(failures) }
  }
  async function loadChoices() {
    const [lists, tags, report] = await Promise.allSettled([get('/api/lists'), get('/api/tags'), get(`/api/campaigns/${encodeURIComponent(id())}/report?format=json`)])
    choices = {
      lists: lists.status === 'fulfilled' ? lists.value.lists : [], tags: tags.status === 'fulfilled' ? tags.value.tags : [],
      communes: report.status === 'fulfilled' ? readReport(report.value).byCommune.filter(one => one.code) : [],
    }
    drawForm()
  }

  let shown = null
  store.watch(state => [state.route.name === 'campaign' ? state.peopleOpen ?? null : null, state.followed?.id], ([open, followed]) => {
    const visible = Boolean(open && followed)
    root.hidden = !visible
    byId('map-area').classList.toggle('covered', visible || !byId('report').hidden)
    if (!visible) { shown = null; return }
    if (shown === open) return
    shown = open
    filter = { group: 'not_reached', ...open }
    starts = []
    const title = h('h2', { id: 'people-title', tabindex: '-1' }, t('listed.title'))
    render(root, h('div', { class: 'sheet-head' }, helped(title, 'panel.people'), h('button', { type: 'button', class: 'button', data: { key: 'people-close' }, on: { click: close } }, t('listed.close'))), h('div', { class: 'report-body' }, form, failures, body))
    drawForm()
    title.focus()
    render(body, h('p', { class: 'empty', role: 'status' }, t('common.loading')))
    void load(0)
    void loadFailures()
    void loadChoices()
  })
  root.addEventListener('keydown', event => { if (event.key === 'Escape') close() })
  store.watch(state => state.route, () => { if (store.get().peopleOpen) store.set({ peopleOpen: null }) }, { now: false })
}
