/** Who is concerned by what they belong to: an intercommunalité, a label, a former campaign. */
import { get } from '../core/api.js'
import { errorBox } from '../core/errors.js'
import { h, render } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { OUTCOMES } from '../pure/zone.js'
import { adder, pickLine } from './adding.js'

/** @param {any} view */
export function epciForm(view) {
  const { add, chooser } = adder(view, 'epci')
  const text = h('input', { type: 'text', id: 'epci', autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'epci-hint' })
  const found = h('div', { role: 'status' })
  async function search(event) {
    event.preventDefault()
    const wanted = text.value.trim()
    if (wanted.length < 2) { render(found, h('p', { class: 'field-error' }, t('epci.empty'))); text.focus(); return }
    render(found, h('p', { class: 'muted' }, t('common.loading')))
    try {
      const { epcis } = await get(`/api/epcis?q=${encodeURIComponent(wanted)}&limit=12`)
      render(found, epcis.length === 0 ? h('p', { class: 'field-error' }, t('epci.none', { text: wanted }))
        : h('ul', { class: 'plain' }, epcis.map(({ siren, name, codes, bounds }) => pickLine(name, `(${t('item.communes', { count: codes.length })})`, () => add({ kind: 'epci', name, siren, codes, ...(bounds ? { bounds } : {}) })))))
    } catch (error) { render(found, errorBox(error)) }
  }
  return h('details', { class: 'fold' }, h('summary', {}, t('epci.title')), h('form', { on: { submit: search } },
    h('div', { class: 'field' }, h('label', { for: 'epci' }, t('epci.label')), h('div', { class: 'row' }, text, h('button', { type: 'submit', class: 'button' }, t('epci.search'))), h('p', { class: 'field-hint', id: 'epci-hint' }, t('epci.hint'))),
    chooser, found))
}

/** A language subtag and what follows it, as the server takes them. */
const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i
const KINDS = ['person', 'household', 'office']

/** What the register says of people besides where they are: their language, what they are. @param {any} view */
export function filterForm(view) {
  const { add, chooser } = adder(view, 'filter')
  const text = h('input', { type: 'text', id: 'filter-language', class: 'short', autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'filter-language-hint filter-language-warning' })
  const problem = h('p', { class: 'field-error', role: 'alert' })
  const kind = h('select', { id: 'filter-kind' }, KINDS.map(name => h('option', { value: name }, t(`filter.kind.${name}`))))
  function addLanguage(event) {
    event.preventDefault()
    const languages = [...new Set(text.value.split(/[\s,;]+/).filter(Boolean).map(one => one.toLowerCase()))]
    const bad = languages.length === 0 || !languages.every(one => LANGUAGE.test(one))
    render(problem, bad ? t('filter.badLanguage') : '')
    if (bad) { text.focus(); return }
    add({ kind: 'filter', name: t('filter.languageName', { languages: languages.join(', ') }), filter: { type: 'language', values: languages } })
    text.value = ''
  }
  function addKind(event) {
    event.preventDefault()
    add({ kind: 'filter', name: t('filter.kindName', { kind: t(`filter.kind.${kind.value}`) }), filter: { type: 'kind', values: [kind.value] } })
  }
  return h('details', { class: 'fold' }, h('summary', {}, t('filter.title')), h('div', {}, chooser,
    h('form', { class: 'item-form', on: { submit: addLanguage } },
      h('div', { class: 'field' }, h('label', { for: 'filter-language' }, t('filter.language')), text, h('p', { class: 'field-hint', id: 'filter-language-hint' }, t('filter.languageHint')), problem),
      h('p', { class: 'field-warning', id: 'filter-language-warning' }, h('span', {}, t('filter.languageWarning'))),
      h('button', { type: 'submit', class: 'button', data: { key: 'add-language' } }, t('filter.addLanguage'))),
    h('form', { class: 'item-form', on: { submit: addKind } },
      h('div', { class: 'field' }, h('label', { for: 'filter-kind' }, t('filter.kind')), kind),
      h('button', { type: 'submit', class: 'button', data: { key: 'add-kind' } }, t('filter.addKind')))))
}

/** Labels and former campaigns, fetched when the fold is opened. @param {any} view */
export function membersForm(view) {
  const body = h('div', {}, h('p', { class: 'muted' }, t('common.loading')))
  const fold = h('details', { class: 'fold' }, h('summary', {}, t('members.title')), body)
  const { add, chooser } = adder(view, 'members')
  const option = (value, label) => h('option', { value }, label)
  const form = (id, label, submit, ...fields) => h('form', { class: 'item-form', on: { submit: event => { event.preventDefault(); submit() } } }, fields, h('button', { type: 'submit', class: 'button', data: { key: `add-${id}` } }, label))

  async function fill() {
    try {
      const [{ tags }, { campaigns }] = await Promise.all([get('/api/tags'), get('/api/campaigns')])
      const tag = h('select', { id: 'zone-tag' }, tags.map(one => option(one.name, `${one.name} ${t('saved.members', { count: one.members })}`)))
      const campaign = h('select', { id: 'zone-campaign' }, campaigns.map(one => option(String(one.id), t('members.campaignOption', { reference: one.reference, subject: one.subject, date: n.dateTime(one.createdAt) }))))
      const outcome = h('select', { id: 'zone-outcome' }, OUTCOMES.map(name => option(name, t(`outcome.${name}`))))
      const addCampaign = () => {
        const chosen = campaigns.find(one => String(one.id) === campaign.value)
        add({ kind: 'campaign', name: t('members.campaignName', { reference: chosen.reference, subject: chosen.subject }), campaign: Number(chosen.id), outcome: outcome.value })
      }
      render(body, chooser,
        tags.length === 0 ? h('p', { class: 'muted' }, t('members.noTag')) : form('tag', t('members.addTag'), () => add({ kind: 'tag', name: tag.value, tag: tag.value }), h('div', { class: 'field' }, h('label', { for: 'zone-tag' }, t('members.tag')), tag)),
        campaigns.length === 0 ? h('p', { class: 'muted' }, t('members.noCampaign')) : form('campaign', t('members.addCampaign'), addCampaign,
          h('div', { class: 'field' }, h('label', { for: 'zone-campaign' }, t('members.campaign')), campaign), h('div', { class: 'field' }, h('label', { for: 'zone-outcome' }, t('members.outcome')), outcome)))
    } catch (error) { render(body, errorBox(error)) }
  }
  fold.addEventListener('toggle', () => { if (fold.open) void fill() })
  return fold
}
