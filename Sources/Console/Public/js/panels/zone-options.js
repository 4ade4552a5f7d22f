/** What holds for the zone as a whole: how far around it, and how sure one must be that somebody is inside. */
import { helped } from '../core/help-mark.js'
import { store, updateDraft } from '../core/state.js'
import { announce } from '../core/announce.js'
import { h, render } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { parseDecimal } from '../pure/numbers.js'
import { isPlace, LONGEST_MARGIN_METRES } from '../pure/zone.js'

export function zoneOptions() {
  const problem = h('p', { class: 'field-error', id: 'zone-margin-problem', role: 'alert' })
  const margin = h('input', { type: 'text', id: 'zone-margin', class: 'short', inputmode: 'decimal', autocomplete: 'off', 'aria-describedby': 'zone-margin-hint zone-margin-problem', on: { change: apply, keydown: event => { if (event.key === 'Enter') apply() } } })
  const certain = h('input', { type: 'checkbox', id: 'zone-certain', 'aria-describedby': 'zone-certain-hint', on: { change: () => { updateDraft({ certainOnly: certain.checked }); announce(t(certain.checked ? 'options.nowCertain' : 'options.nowPossible')) } } })

  function apply() {
    const metres = margin.value.trim() === '' ? 0 : parseDecimal(margin.value)
    const bad = metres === null || metres < 0 || metres > LONGEST_MARGIN_METRES
    render(problem, bad ? t('options.badMargin', { longest: LONGEST_MARGIN_METRES }) : '')
    margin.toggleAttribute('aria-invalid', bad)
    if (bad) { margin.setAttribute('aria-invalid', 'true'); return }
    if (metres === store.get().draft.margin) return
    updateDraft({ margin: metres })
    announce(metres > 0 ? t('options.nowMargin', { distance: n.distance(metres) }) : t('options.noMargin'))
  }
  // The draft may be another one: a new campaign, one that was kept.
  store.watch(state => state.draft.margin, metres => { if (parseDecimal(margin.value) !== metres) margin.value = metres > 0 ? n.decimal(metres, 2) : ''; render(problem) })
  store.watch(state => state.draft.certainOnly, chosen => { certain.checked = chosen })
  const idle = h('p', { class: 'field-hint' })
  store.watch(state => [state.draft.items, state.draft.margin], ([items, metres]) => render(idle, metres > 0 && items.length > 0 && !items.some(item => item.role === 'alert' && isPlace(item)) ? t('options.nothingToWiden') : ''))

  return h('section', { class: 'block', 'aria-labelledby': 'zone-options-title' }, helped(h('h3', { id: 'zone-options-title' }, t('options.title')), 'panel.options'),
    h('div', { class: 'field' }, h('label', { for: 'zone-margin' }, t('options.marginMetres')), margin, h('p', { class: 'field-hint', id: 'zone-margin-hint' }, t('options.marginHint')), idle, problem),
    h('div', {}, h('label', { class: 'check', for: 'zone-certain' }, certain, t('options.certainOnly')), h('p', { class: 'field-hint', id: 'zone-certain-hint' }, t('options.certainHint'))))
}
