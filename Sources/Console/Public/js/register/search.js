/** Looking for people: words, filters, a page after another, and what is done to those who are ticked. */
import { call, get, post } from '../core/api.js'
import { announce } from '../core/announce.js'
import { attempt, fail, field, tell } from '../core/desk.js'
import { byId, h, icon, render } from '../core/dom.js'
import { alertGathered } from '../core/gathered.js'
import { n, t } from '../core/texts.js'
import { communeSearch } from '../panels/commune-search.js'
import { createLatest } from '../pure/latest.js'
import { questionOf } from '../pure/register.js'

const CHANNELS = ['sms', 'voice', 'email', 'fax']
const PRECISIONS = ['given', 'house_number', 'street', 'locality', 'commune', 'not_located']
/** Typing stops for so long before a search is sent: each is a line of the journal. */
const PAUSE_MS = 350
const STALE_MONTHS = 12

/** @param {{rights:{see:boolean, edit:boolean, alert:boolean}, onOpen:(id:number)=>void, onAdd:()=>void, onImport:()=>void}} options */
export function createSearch({ rights, onOpen, onAdd, onImport }) {
  const text = /** @type {HTMLInputElement} */ (byId('text'))
  const place = byId('found')
  let people = [], next = null, count = null, question = {}, status = 'idle'
  /** @type {Set<number>} */ const ticked = new Set()
  let fields = null, timer = 0

  const latest = createLatest({
    send: (asked, signal) => post('/api/register/search', asked, signal),
    onResult(page, asked) {
      if (!asked.after) { people = []; ticked.clear(); count = page.count ?? null }
      people = [...people, ...page.people]
      next = page.next ?? null
      status = 'ok'
      draw()
      announce(words())
    },
    onError(error) { if (error) { status = 'failed'; draw(); fail(error) } },
  })

  function words() {
    if (people.length === 0) return t('register.nobody')
    return count === null ? t('register.many', { count: people.length }) : t('register.count', { count })
  }

  function read() {
    return questionOf({
      text: text.value, list: fields?.list.value, tag: fields?.tag.value, communeCode: fields?.commune?.text ? fields.code : '',
      channel: fields?.channel.value === 'none' ? '' : fields?.channel.value, isUnreachable: fields?.channel.value === 'none', precision: fields?.precision.value,
      staleMonths: fields?.stale.checked ? STALE_MONTHS : null, hasOptedOut: fields?.optedOut.checked ?? false,
    })
  }
  function ask() {
    clearTimeout(timer)
    question = read()
    const narrowed = Object.keys(question).filter(key => key !== 'text').length
    byId('filters').querySelector('summary').textContent = narrowed > 0 ? t('register.filtersOn', { count: narrowed }) : t('register.filters')
    latest.ask(question)
  }
  const soon = () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE_MS) }

  function draw() {
    render(place, status === 'ok' && [
      people.length === 0 ? empty() : [
        h('p', { class: 'register-count', id: 'found-count' }, words()),
        tools(),
        list(),
        next && h('button', { type: 'button', class: 'button', data: { key: 'more' }, on: { click: () => latest.ask({ ...question, after: next }) } }, t('register.more')),
      ],
    ])
  }

  function empty() {
    const isNarrowed = Object.keys(question).length > 0
    return h('div', { class: 'register-empty' },
      h('p', {}, h('strong', {}, t(isNarrowed ? 'register.nobody' : 'register.nobodyYet'))),
      h('p', { class: 'muted' }, t(isNarrowed ? 'register.nobodyHint' : 'register.nobodyYetHint')),
      h('div', { class: 'row row-buttons' },
        isNarrowed && h('button', { type: 'button', class: 'button', data: { key: 'clear' }, on: { click: clear } }, t('register.clear')),
        rights.edit && h('button', { type: 'button', class: 'button', data: { key: 'add-empty' }, on: { click: onAdd } }, t('register.add')),
        rights.edit && !isNarrowed && h('button', { type: 'button', class: 'button button-primary', data: { key: 'import-empty' }, on: { click: onImport } }, t('register.import'))))
  }

  function clear() {
    text.value = ''
    if (fields) {
      for (const one of ['list', 'tag', 'channel', 'precision']) fields[one].value = ''
      fields.stale.checked = fields.optedOut.checked = false
      fields.commune.clear()
    }
    ask()
    text.focus()
  }

  function tools() {
    const isSome = ticked.size > 0
    const name = h('input', { type: 'text', maxlength: '200', list: 'labels', autocomplete: 'off', data: { key: 'label-name' } })
    const kind = h('select', { data: { key: 'label-kind' } }, h('option', { value: 'list' }, t('register.aList')), h('option', { value: 'tag' }, t('register.aTag')))
    const label = isOn => void attempt(async () => {
      const asked = name.value.trim()
      if (!asked) { name.focus(); return }
      const { changed } = await post('/api/register/labels', { ids: [...ticked], kind: kind.value, name: asked, isOn })
      tell(t(isOn ? 'register.labelled' : 'register.unlabelled', { count: changed, name: asked }))
      await loadNames()
    })
    return h('div', { class: 'register-tools' },
      h('div', { class: 'row row-buttons' },
        rights.edit && h('button', { type: 'button', class: 'button button-small', data: { key: 'add' }, on: { click: onAdd } }, t('register.add')),
        rights.edit && h('button', { type: 'button', class: 'button button-small', data: { key: 'import' }, on: { click: onImport } }, t('register.import')),
        ['csv', 'xlsx'].map(format => h('button', { type: 'button', class: 'button button-small', data: { key: `export-${format}` }, on: { click: () => void attempt(() => take(format)) } }, t(`register.export.${format}`)))),
      rights.edit && isSome && h('form', { class: 'form-row', novalidate: true, data: { form: 'label' }, on: { submit: event => { event.preventDefault(); label(true) } } },
        h('p', {}, t('register.ticked', { count: ticked.size })), field(t('register.labelKind'), kind), field(t('register.labelName'), name),
        h('button', { type: 'submit', class: 'button', data: { key: 'label-on' } }, t('register.labelOn')),
        h('button', { type: 'button', class: 'button', data: { key: 'label-off' }, on: { click: () => label(false) } }, t('register.labelOff')),
        rights.alert && h('button', { type: 'button', class: 'button', data: { key: 'alert-ticked' }, on: { click: () => void attempt(alertTicked) } }, t('oneOff.alertTicked', { count: ticked.size }))))
  }

  async function alertTicked() {
    const { list: name } = await post('/api/register/audience', { ids: [...ticked], name: t('oneOff.tickedName', { count: ticked.size }) })
    alertGathered(name)
  }

  async function take(format) {
    const file = await call('POST', '/api/register/export', { json: { ...question, format }, file: true })
    const link = h('a', { href: URL.createObjectURL(file), download: `registre.${format}` })
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
    tell(t('register.exported'))
  }

  function list() {
    const own = people.filter(one => one.isWritable)
    const all = h('input', { type: 'checkbox', 'aria-label': t('register.tickAll'), checked: own.length > 0 && own.every(one => ticked.has(one.id)), data: { key: 'tick-all' }, on: { change: event => { for (const one of own) event.target.checked ? ticked.add(one.id) : ticked.delete(one.id); draw() } } })
    const others = new Set(people.map(one => one.organisation)).size > 1
    return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': 'found-count' }, h('table', { class: 'register-table' },
      h('thead', {}, h('tr', {},
        rights.edit && h('td', {}, h('label', { class: 'tick' }, all)),
        ['name', 'address', 'channels', 'place'].map(column => h('th', { scope: 'col' }, t(`register.column.${column}`))), others && h('th', { scope: 'col' }, t('register.column.organisation')))),
      h('tbody', {}, people.map(one => h('tr', { data: { person: String(one.id) } },
        rights.edit && h('td', {}, one.isWritable && h('label', { class: 'tick' }, h('input', { type: 'checkbox', 'aria-label': t('register.tick', { name: one.name }), checked: ticked.has(one.id), data: { key: `tick-${one.id}` }, on: { change: event => { event.target.checked ? ticked.add(one.id) : ticked.delete(one.id); draw() } } }))),
        h('th', { scope: 'row' }, h('a', { href: `#fiche-${one.id}`, data: { key: `open-${one.id}` }, on: { click: event => { event.preventDefault(); onOpen(one.id) } } }, one.name || one.identifier)),
        h('td', {}, [one.address, [one.postcode, one.commune].filter(Boolean).join(' ')].filter(Boolean).join(', ') || t('register.noAddress')),
        h('td', {}, one.channels.length === 0 ? h('span', { class: 'register-alert' }, icon('warning'), t('register.unreachable')) : one.channels.map(channel => t(`channel.${channel}`)).join(', '), one.hasOptedOut && h('span', { class: 'register-alert' }, icon('info'), t('register.optedOut'))),
        h('td', {}, one.precision === 'not_located' ? h('span', { class: 'register-alert' }, icon('warning'), t('register.precision.not_located')) : t(`register.precision.${one.precision}`)),
        others && h('td', {}, one.organisation))))))
  }

  async function loadNames() {
    const [{ lists }, { tags }] = await Promise.all([get('/api/lists'), get('/api/tags')])
    const option = one => h('option', { value: one.name }, `${one.name} (${n.integer(one.members ?? 0)})`)
    const keep = [fields.list.value, fields.tag.value]
    render(fields.list, h('option', { value: '' }, t('register.any')), lists.map(option))
    render(fields.tag, h('option', { value: '' }, t('register.any')), tags.map(option))
    ;[fields.list.value, fields.tag.value] = keep
    render(fields.names, [...new Set([...lists, ...tags].map(one => one.name))].map(name => h('option', { value: name })))
  }

  function makeFilters() {
    const select = (values, label) => h('select', { on: { change: ask } }, h('option', { value: '' }, t('register.any')), values.map(value => h('option', { value }, label(value))))
    const check = () => h('input', { type: 'checkbox', on: { change: ask } })
    fields = {
      list: select([], () => ''), tag: select([], () => ''), channel: select([...CHANNELS, 'none'], one => (one === 'none' ? t('register.unreachable') : t(`channel.${one}`))),
      precision: select(PRECISIONS, one => t(`register.precision.${one}`)), stale: check(), optedOut: check(), code: '', names: h('datalist', { id: 'labels' }),
      commune: communeSearch({ label: t('register.commune'), onChoose: commune => { fields.code = commune.code; ask() }, onError: error => { if (error) fail(error) } }),
    }
    fields.commune.input.addEventListener('input', () => { if (!fields.commune.text && fields.code) { fields.code = ''; ask() } else if (fields.commune.text) fields.code = '' })
    render(byId('filter-fields'),
      field(t('register.list'), fields.list), field(t('register.tag'), fields.tag), fields.commune.node, field(t('register.channel'), fields.channel), field(t('register.precision'), fields.precision),
      h('label', { class: 'check' }, fields.stale, t('register.stale')), h('label', { class: 'check' }, fields.optedOut, t('register.onlyOptedOut')), fields.names)
  }

  return {
    async start() {
      if (!rights.see) { render(place, h('p', {}, t('register.noRight')), rights.edit && h('div', { class: 'row row-buttons' }, h('button', { type: 'button', class: 'button', on: { click: onAdd } }, t('register.add')), h('button', { type: 'button', class: 'button', on: { click: onImport } }, t('register.import')))); byId('search').hidden = true; return }
      makeFilters()
      byId('search').addEventListener('submit', event => { event.preventDefault(); ask() })
      text.addEventListener('input', soon)
      await loadNames()
      ask()
      text.focus()
    },
    again() { if (rights.see) { void loadNames().catch(fail); ask() } },
    /** @param {number|null} id whose card was open */
    focus(id) {
      const link = id && place.querySelector(`[data-key="open-${id}"]`)
      if (link) link.focus()
      else text.focus()
    },
  }
}
