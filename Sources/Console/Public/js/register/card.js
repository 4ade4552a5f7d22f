/** One person's card: what the register holds, corrected in place; who changed what; what was sent. */
import { get, post } from '../core/api.js'
import { attempt, field, moment, tell } from '../core/desk.js'
import { ask } from '../core/dialog.js'
import { byId, freshId, h, icon, render } from '../core/dom.js'
import { hasText, t } from '../core/texts.js'
import { communeSearch } from '../panels/commune-search.js'
import { coordinates, differences, gathered, merged, scattered } from '../pure/register.js'
import { addressSearch } from './address-search.js'
import { contactRows } from './contacts.js'
import { placeMap } from './place-map.js'

const LANGUAGES = ['fr', 'en', 'es', 'pt', 'it', 'de', 'nl', 'pl', 'ro', 'ar', 'tr', 'ru', 'uk', 'zh']
const KINDS = ['person', 'household', 'office']
/** What may be written, as the server names it. */
const FIELDS = ['name', 'kind', 'language', 'address', 'postcode', 'commune', 'communeCode', 'building', 'household', 'confirmedOn', 'position', 'lists', 'tags', 'contacts']
const OPT_REASONS = ['telephone', 'letter', 'email', 'desk', 'other']

/** What the form writes, from a card. */
const written = card => ({
  name: card.name, kind: card.kind, language: card.language, address: card.address ?? '', postcode: card.postcode ?? '', commune: card.commune ?? '', communeCode: card.communeCode ?? '',
  building: card.building ?? '', household: card.household ?? '', confirmedOn: card.confirmedOn ?? '', position: card.precision === 'given' ? card.position : null, lists: [...card.lists].sort(), tags: [...card.tags].sort(), contacts: gathered(card.contacts).map(({ outcomes, ...row }) => row),
})
const EMPTY = { id: null, name: '', kind: 'person', language: 'fr', precision: 'not_located', position: null, contacts: [], lists: [], tags: [], isWritable: true, communeBounds: null }

/** @param {{rights:{see:boolean, edit:boolean}, onChanged:()=>void, onClosed:(id:number|null)=>void}} options */
export function createCard({ rights, onChanged, onClosed }) {
  const place = byId('card')
  let card = null, form = null, map = null

  async function open(id, { mine = null, note = null } = {}) {
    if (!await mayLeave(id)) return
    render(place, h('p', {}, t('common.loading')))
    place.hidden = false
    card = await get(`/api/register/people/${id}`)
    show(mine, note)
  }

  async function mayLeave(id) {
    if (!isDirty() || (card && card.id === id)) return true
    return ask({ title: t('register.unsaved'), lines: [t('register.unsavedLine')], confirm: t('register.leave'), cancel: t('register.stay'), danger: true })
  }

  function isDirty() { return Boolean(form) && differences(form.base, form.read(), FIELDS).length > 0 }

  function show(mine, note) {
    map?.dispose()
    const isEditable = rights.edit && card.isWritable
    form = isEditable ? makeForm(card, mine) : null
    map = placeMap({ position: card.position, uncertaintyMetres: card.uncertaintyMetres ?? 0, bounds: card.communeBounds ?? null, isWritable: isEditable, onMove: position => form?.setPosition(position) })
    render(place,
      h('div', { class: 'register-card-head' },
        h('h2', { id: 'card-title', tabindex: '-1' }, card.id ? card.name || card.identifier : t('register.newCard')),
        h('button', { type: 'button', class: 'button-close', 'aria-label': t('register.close'), data: { key: 'close-card' }, on: { click: () => { location.hash = '' } } }, icon('close'))),
      note, isEditable ? editable() : readable(),
      card.id && rights.see && history())
    map.mount()
    if (form) form.map = map
    byId('card-title').focus()
  }

  function facts() {
    return card.id && h('p', { class: 'small muted' }, t('register.identity', { identifier: card.identifier, organisation: card.organisation, time: moment(card.updatedAt) }), card.source ? ` ${t('register.source', { source: card.source })}` : '')
  }

  function readable() {
    const why = card.isKeptBySystem ? 'register.kept' : !rights.edit ? 'register.readOnly' : 'register.delegated'
    const rows = [
      ['name', card.name], ['address', [card.address, card.postcode, card.commune].filter(Boolean).join(', ')], ['language', card.language],
      ['lists', card.lists.join(', ')], ['tags', card.tags.join(', ')], ['confirmedOn', card.confirmedOn],
    ]
    return [facts(), h('p', { class: 'muted' }, t(why)),
      h('dl', { class: 'register-facts' }, rows.filter(([, value]) => value).map(([name, value]) => [h('dt', {}, t(`register.field.${name}`)), h('dd', {}, value)])),
      contactRows({ rows: gathered(card.contacts), isWritable: false }).node, map.node]
  }

  function editable() {
    return [facts(), form.node]
  }

  function makeForm(from, mine) {
    const base = written(from)
    const start = mine ?? base
    const input = (name, attributes = {}) => h('input', { type: 'text', maxlength: '500', value: start[name], data: { key: name }, ...attributes })
    const select = (name, values, label) => h('select', { data: { key: name } }, [...new Set([...values, start[name]])].map(value => h('option', { value, selected: value === start[name] }, label(value))))
    let position = start.position, code = start.communeCode
    const name = input('name', { required: true }), postcode = input('postcode', { maxlength: '10', inputmode: 'numeric' }), building = input('building'), household = input('household')
    const kind = select('kind', KINDS, value => t(`register.kind.${value}`))
    const language = select('language', LANGUAGES, value => hasText(`register.language.${value}`) ? t(`register.language.${value}`) : value)
    const confirmedOn = h('input', { type: 'date', value: start.confirmedOn, data: { key: 'confirmedOn' } })
    const commune = communeSearch({ label: t('register.commune'), onChoose: one => { code = one.code }, onError: error => { if (error) tell('') } })
    commune.input.value = start.commune
    commune.input.dataset.key = 'commune'
    commune.input.addEventListener('input', () => { code = '' })
    const address = addressSearch({
      label: t('register.field.address'), value: start.address, commune: () => commune.text, onInput: () => {}, onError: () => {},
      onChoose(found) {
        postcode.value = found.postcode ?? postcode.value
        commune.input.value = found.commune
        code = found.communeCode
        // The point follows the address again: the geocoder's, with its uncertainty.
        position = null
        map.show(found.position, 0)
        place.querySelector('[data-place]').textContent = t('register.placeByAddress')
      },
    })
    const coordinate = h('input', { type: 'text', maxlength: '60', data: { key: 'coordinates' }, placeholder: '49.8942, 2.2958' })
    const contacts = contactRows({ rows: start.contacts.map(row => ({ ...row, outcomes: gathered(from.contacts).find(one => one.address === row.address)?.outcomes ?? [] })), isWritable: true })
    const lists = names('lists', start.lists), tags = names('tags', start.tags)
    const reason = h('select', { data: { key: 'reason' } }, OPT_REASONS.map(value => h('option', { value }, t(`register.reason.${value}`))))
    const reasonField = h('div', { class: 'register-reason', hidden: true }, field(t('register.reason'), reason))
    contacts.onConsent(() => { reasonField.hidden = false })
    const problem = h('div', { id: 'card-problem' })

    const read = () => ({
      name: name.value.trim(), kind: kind.value, language: language.value, address: address.input.value.trim(), postcode: postcode.value.trim(), commune: commune.text, communeCode: code,
      building: building.value.trim(), household: household.value.trim(), confirmedOn: confirmedOn.value, position, lists: lists.value, tags: tags.value, contacts: contacts.value,
    })

    function body() {
      const now = read()
      const changed = from.id ? differences(base, now, FIELDS) : FIELDS.filter(one => one !== 'position' || now.position)
      const sent = {}
      for (const one of changed) {
        if (one === 'contacts') sent.contacts = scattered(now.contacts)
        else if (one === 'position') { if (now.position) sent.position = { longitude: now.position[0], latitude: now.position[1] }; else if (from.id) sent.isPlacedByAddress = true }
        else sent[one] = now[one]
      }
      if (!from.id) for (const one of ['confirmedOn', 'communeCode']) if (!sent[one]) delete sent[one]
      if (!reasonField.hidden) sent.reason = reason.value
      return { sent, changed }
    }

    async function save() {
      render(problem)
      const { sent, changed } = body()
      if (!name.value.trim()) { name.setAttribute('aria-invalid', 'true'); name.focus(); render(problem, h('p', { class: 'field-error' }, t('register.needName'))); return }
      if (from.id && changed.length === 0) { tell(t('register.nothingChanged')); return }
      try {
        if (from.id) await post(`/api/register/people/${from.id}`, { version: from.version, ...sent })
        const id = from.id ?? (await post('/api/register/people', sent)).id
        form = null
        tell(t(from.id ? 'register.saved' : 'register.added'))
        onChanged()
        if (rights.see) { if (location.hash === `#fiche-${id}`) await open(id); else location.hash = `#fiche-${id}` } else location.hash = ''
      } catch (error) {
        if (error.code === 'card_changed') { await reconcile(from, base, read()); return }
        const index = /^contacts\[(\d+)\]/.exec(error.detail?.path ?? '')
        if (index) { contacts.fault(sent.contacts[Number(index[1])].address, t('register.badContact')); return }
        if (error.detail?.path && hasText(`register.field.${error.detail.path}`)) { render(problem, h('p', { class: 'field-error', role: 'alert' }, t('register.badField', { field: t(`register.field.${error.detail.path}`) }))); return }
        throw error
      }
    }

    async function erase() {
      const sure = await ask({ title: t('register.eraseTitle'), lines: [t('register.eraseLine', { name: from.name }), t('register.eraseLedger')], confirm: t('register.eraseGo'), danger: true })
      if (!sure) return
      await post(`/api/register/people/${from.id}/erase`, { version: from.version })
      form = null
      location.hash = ''
      tell(t('register.erased'))
      onChanged()
    }

    const node = h('form', { class: 'register-form', novalidate: true, on: { submit: event => { event.preventDefault(); void attempt(save) } } },
      h('div', { class: 'register-fields' }, field(t('register.field.name'), name), field(t('register.field.kind'), kind), field(t('register.field.language'), language)),
      h('h3', {}, t('register.contacts')), contacts.node, reasonField,
      h('h3', {}, t('register.where')),
      h('div', { class: 'register-fields' }, address.node, field(t('register.field.postcode'), postcode), commune.node, field(t('register.field.building'), building), field(t('register.field.household'), household)),
      h('p', { class: 'register-place-how', data: { place: 'true' } }, howPlaced(from, position)),
      h('div', { data: { map: 'true' } }),
      h('div', { class: 'form-row' }, field(t('register.coordinates'), coordinate),
        h('button', { type: 'button', class: 'button button-small', data: { key: 'place-coordinates' }, on: { click: () => { const found = coordinates(coordinate.value); if (!found) { coordinate.setAttribute('aria-invalid', 'true'); coordinate.focus(); return } coordinate.removeAttribute('aria-invalid'); position = found; map.show(found, 0); note() } } }, t('register.placeThere')),
        h('button', { type: 'button', class: 'button button-small', data: { key: 'place-by-address' }, on: { click: () => { position = null; map.show(from.precision === 'given' ? null : from.position, from.uncertaintyMetres ?? 0); place.querySelector('[data-place]').textContent = t('register.placeByAddress') } } }, t('register.byAddress'))),
      h('h3', {}, t('register.belongs')),
      h('div', { class: 'register-fields' }, lists.node, tags.node, field(t('register.field.confirmedOn'), confirmedOn)),
      problem,
      h('div', { class: 'row row-buttons' },
        h('button', { type: 'submit', class: 'button button-primary', data: { key: 'save' } }, t(from.id ? 'register.save' : 'register.addGo')),
        from.id && h('button', { type: 'button', class: 'button button-danger-quiet', data: { key: 'erase' }, on: { click: () => void attempt(erase) } }, t('register.erase'))))
    const note = () => { place.querySelector('[data-place]').textContent = t('register.placeGiven') }
    return {
      base, read, node,
      setPosition(found) { position = found; note() },
      set map(made) { node.querySelector('[data-map]').append(made.node) },
    }
  }

  const howPlaced = (from, position) => position ? t('register.placeGiven') : t('register.placed', { precision: t(`register.precision.${from.precision}`) })

  /** Names of lists, which may hold commas, or tags, which may not. */
  function names(kind, start) {
    const separator = kind === 'lists' ? '|' : ','
    const input = h('input', { type: 'text', value: start.join(kind === 'lists' ? ' | ' : ', '), data: { key: kind }, 'aria-describedby': `${kind}-hint` })
    const id = freshId(kind)
    input.id = id
    return {
      node: h('div', { class: 'field' }, h('label', { for: id }, t(`register.field.${kind}`)), input, h('p', { class: 'field-hint', id: `${kind}-hint` }, t(kind === 'lists' ? 'register.bars' : 'register.commas'))),
      get value() { return [...new Set(input.value.split(separator).map(one => one.trim()).filter(Boolean))].sort() },
    }
  }

  /** Two hands on one card: what the other wrote is shown, mine is kept in the form, and the next save counts on theirs. */
  async function reconcile(from, base, mine) {
    const theirs = await get(`/api/register/people/${from.id}`)
    const { result, conflicts } = merged(base, mine, written(theirs), FIELDS)
    const changed = differences(base, written(theirs), FIELDS)
    card = theirs
    show(result, h('div', { class: 'notice notice-warning', role: 'alert', data: { key: 'conflict' } }, icon('warning'), h('div', { class: 'notice-body' },
      h('p', {}, h('strong', {}, t('register.changedMeanwhile'))),
      h('ul', {}, changed.map(one => h('li', {}, t('register.theirs', { field: t(`register.field.${one}`), value: shown(written(theirs)[one]) }), conflicts.includes(one) ? ` ${t('register.yours', { value: shown(mine[one]) })}` : ''))),
      h('p', {}, t(conflicts.length > 0 ? 'register.conflict' : 'register.noConflict')))))
  }
  const shown = value => Array.isArray(value) ? value.map(one => (typeof one === 'object' ? one.address : one)).join(', ') || '–' : value === '' || value === null ? '–' : String(value)

  function history() {
    const content = h('div', {})
    return h('details', { class: 'register-history', data: { key: 'history' }, on: { toggle: event => { if (event.target.open && !content.hasChildNodes()) void attempt(fill) } } }, h('summary', {}, t('register.history')), content)
    async function fill() {
      const { events, messages } = await get(`/api/register/people/${card.id}/history`)
      const fields = detail => (detail.fields ?? '').split(',').filter(Boolean).map(name => hasText(`register.field.${name}`) ? t(`register.field.${name}`) : name).join(', ')
      const reason = detail => detail.reason && hasText(`register.reason.${detail.reason}`) ? ` (${t(`register.reason.${detail.reason}`)})` : ''
      render(content,
        h('h3', {}, t('register.changes')),
        events.length === 0 ? h('p', { class: 'muted' }, t('register.noChange')) : h('ol', { class: 'plain' }, events.map(one => h('li', {}, `${moment(one.at)} · ${one.actor} · ${hasText(`register.action.${one.action}`) ? t(`register.action.${one.action}`) : one.action}`, fields(one.detail) ? ` : ${fields(one.detail)}` : '', reason(one.detail)))),
        h('h3', {}, t('register.messages')),
        messages.length === 0 ? h('p', { class: 'muted' }, t('register.noMessage')) : h('ol', { class: 'plain' }, messages.map(one => h('li', {}, `${moment(one.at)} · `, h('a', { href: one.mode === 'real' ? `/#/campagnes/${one.campaign}` : null }, one.subject || t('register.untitled')), one.mode === 'exercise' ? ` · ${t('mode.exercise.word')}` : '', ` · ${t(`register.state.${one.state}`)}`))))
    }
  }

  return {
    open, isDirty,
    add() { card = { ...EMPTY }; place.hidden = false; show(null, null) },
    close() {
      const before = card?.id ?? null
      if (place.hidden) return
      map?.dispose()
      map = form = card = null
      render(place)
      place.hidden = true
      onClosed(before)
    },
  }
}
