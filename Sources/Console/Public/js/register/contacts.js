/** The ways to reach somebody, as rows that can be written. */
import { freshId, h, icon, render } from '../core/dom.js'
import { hasText, t } from '../core/texts.js'
import { numberText } from '../pure/register.js'

const CHANNELS = ['sms', 'voice', 'email', 'fax']
const FAILED = ['failed']

/** @param {{rows:any[], isWritable:boolean}} options */
export function contactRows({ rows, isWritable }) {
  let kept = rows.map(row => ({ ...row }))
  let told = () => {}
  const list = h('ul', { class: 'plain register-contacts' })
  const node = h('div', {}, list, isWritable && h('button', { type: 'button', class: 'button button-small', data: { key: 'add-contact' }, on: { click: () => { kept.push({ address: '', channels: [], consent: null, isEmergency: false, outcomes: [], isNew: true }); draw(); list.querySelector('li:last-child input')?.focus() } } }, t('register.addContact')))

  function state(row) {
    const last = (row.outcomes ?? []).filter(one => one.outcome).sort((a, b) => String(b.outcomeAt ?? '').localeCompare(String(a.outcomeAt ?? '')))[0]
    const confirmed = (row.outcomes ?? []).map(one => one.confirmedOn).filter(Boolean).sort().at(-1)
    return [
      row.consent === 'refused' && h('span', { class: 'register-alert' }, icon('info'), t('register.optedOut')),
      row.isOfUnknownRange && h('span', { class: 'muted' }, t('register.unknownRange')),
      last && h('span', { class: FAILED.includes(last.outcome) ? 'register-alert' : 'muted' }, FAILED.includes(last.outcome) && icon('warning'), t(`register.outcome.${last.outcome}`), last.cause && hasText(`register.cause.${last.cause}`) ? ` (${t(`register.cause.${last.cause}`)})` : ''),
      confirmed && h('span', { class: 'muted' }, t('register.confirmed', { day: confirmed })),
    ]
  }

  function draw() {
    render(list, kept.length === 0 ? h('li', { class: 'register-alert' }, icon('warning'), t('register.noContact')) : kept.map((row, index) => {
      const shown = row.address.includes('@') ? row.address : numberText(row.address)
      const by = row.channels.map(channel => t(`channel.${channel}`)).join(', ')
      if (!isWritable) return h('li', { class: 'register-contact' }, h('span', { class: 'number' }, shown), ` ${by} `, state(row))
      const id = freshId('contact'), error = h('p', { class: 'field-error', id: `${id}-error` })
      const input = h('input', { type: 'text', id, value: shown, maxlength: '254', autocomplete: 'off', 'aria-describedby': `${id}-error`, data: { key: `contact-${index}` }, on: { input: event => { if (row.isNew) row.address = event.target.value } } })
      if (!row.isNew) input.readOnly = true
      const channel = row.isNew && h('select', { 'aria-label': t('register.contactKind'), data: { key: `contact-channel-${index}` }, on: { change: event => { row.channels = event.target.value ? [event.target.value] : [] } } },
        h('option', { value: '' }, t('register.anyNumber')), CHANNELS.map(value => h('option', { value, selected: row.channels[0] === value }, t(`channel.${value}`))))
      const emergency = h('label', { class: 'check' }, h('input', { type: 'checkbox', checked: row.isEmergency, data: { key: `contact-emergency-${index}` }, on: { change: event => { row.isEmergency = event.target.checked } } }), t('register.emergency'))
      const refused = row.consent === 'refused'
      return h('li', { class: 'register-contact' },
        h('div', { class: 'register-contact-line' },
          h('div', { class: 'field' }, h('label', { for: id, class: row.isNew ? '' : 'visually-hidden' }, row.isNew ? t('register.contactAddress') : by), input, error),
          channel || h('span', { class: 'register-by' }, by)),
        h('div', { class: 'register-contact-line' }, emergency,
          !row.isNew && h('button', { type: 'button', class: 'button button-small', data: { key: `contact-opt-${index}` }, 'aria-label': `${t(refused ? 'register.optIn' : 'register.optOut')} : ${shown}`, on: { click: () => { row.consent = refused ? 'given' : 'refused'; told(); draw() } } }, t(refused ? 'register.optIn' : 'register.optOut')),
          h('button', { type: 'button', class: 'button button-small button-danger-quiet', data: { key: `contact-remove-${index}` }, 'aria-label': `${t('register.removeContact')} : ${shown || t('register.newContact')}`, on: { click: () => { kept.splice(index, 1); draw(); node.querySelector('[data-key=add-contact]')?.focus() } } }, t('register.removeContact')),
          state(row)))
    }))
  }
  draw()
  return {
    node,
    /** Somebody opted out or in: how they said so is asked. @param {() => void} tell */
    onConsent(tell) { told = tell },
    /** @param {string} address @param {string} words */
    fault(address, words) {
      const index = kept.findIndex(row => row.address.trim() === address.trim())
      const item = list.children[index]
      const input = item?.querySelector('input')
      if (!input) return
      input.setAttribute('aria-invalid', 'true')
      item.querySelector('.field-error').textContent = words
      input.focus()
    },
    get value() { return kept.filter(row => row.address.trim() !== '').map(({ outcomes, isNew, ...row }) => row) },
  }
}
