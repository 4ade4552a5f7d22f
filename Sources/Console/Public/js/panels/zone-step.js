/** Step 1: who is concerned. */
import { helped } from '../core/help-mark.js'
import { h } from '../core/dom.js'
import { placeForm } from './place-form.js'
import { epciForm, filterForm, membersForm } from './membership-forms.js'
import { pasteForm, savedForm, verticesForm } from './other-ways.js'
import { oneOffForm } from './one-off.js'
import { zoneItems } from './zone-items.js'
import { zoneOptions } from './zone-options.js'
import { t } from '../core/texts.js'

/** @param {any} view */
export const zoneStep = view => h('div', { id: 'panel-zone' },
  placeForm(view),
  zoneItems(view),
  zoneOptions(),
  h('section', { class: 'block', 'aria-labelledby': 'other-ways' }, helped(h('h3', { id: 'other-ways' }, t('zone.otherWays')), 'panel.others'),
    h('button', { type: 'button', class: 'button button-wide', on: { click: view.pickFile } }, t('zone.importFile')),
    pasteForm(view), verticesForm(view), savedForm(view), oneOffForm(view), epciForm(view), membersForm(view), filterForm(view)))
