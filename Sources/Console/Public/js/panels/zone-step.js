/** Step 1: who is concerned. */
import { h } from '../core/dom.js'
import { placeForm } from './place-form.js'
import { epciForm, membersForm } from './membership-forms.js'
import { pasteForm, savedForm, verticesForm } from './other-ways.js'
import { zoneItems } from './zone-items.js'
import { zoneOptions } from './zone-options.js'
import { t } from '../core/texts.js'

/** @param {any} view */
export const zoneStep = view => h('div', { id: 'panel-zone' },
  placeForm(view),
  zoneItems(view),
  zoneOptions(),
  h('section', { class: 'block', 'aria-labelledby': 'other-ways' }, h('h3', { id: 'other-ways' }, t('zone.otherWays')),
    h('button', { type: 'button', class: 'button button-wide', on: { click: view.pickFile } }, t('zone.importFile')),
    pasteForm(view), verticesForm(view), savedForm(view), epciForm(view), membersForm(view)))
