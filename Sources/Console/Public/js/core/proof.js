/** Asks whoever sits at a session who they are: before a launch on a duty session, before changing rights on any. */
import { call } from './api.js'
import { h, render } from './dom.js'
import { errorBox } from './errors.js'
import { t } from './texts.js'

/** @returns {Promise<boolean>} whether PIN or password were right; false when the question was put away */
export function askForProof() {
  return new Promise(resolve => {
    const secret = h('input', { type: 'password', id: 'proof-secret', autocomplete: 'off', required: true })
    const outcome = h('div')
    const close = proved => { dialog.close(); dialog.remove(); resolve(proved) }
    const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'proof-title', on: { cancel: event => { event.preventDefault(); close(false) } } },
      h('h2', { id: 'proof-title' }, t('proof.title')), h('p', {}, t('proof.about')),
      h('form', { novalidate: true, on: { submit: event => { event.preventDefault(); void send() } } }, outcome,
        h('div', { class: 'field' }, h('label', { for: 'proof-secret' }, t('proof.secret')), secret),
        h('div', { class: 'dialog-actions' },
          h('button', { type: 'button', class: 'button', on: { click: () => close(false) } }, t('proof.cancel')),
          h('button', { type: 'submit', class: 'button button-primary' }, t('proof.send')))))
    async function send() {
      try {
        await call('POST', '/api/session/proof', { json: /^\d{6,12}$/.test(secret.value) ? { pin: secret.value } : { password: secret.value } })
        close(true)
      } catch (error) {
        render(outcome, errorBox(error))
        secret.select()
        secret.focus()
      }
    }
    document.body.append(dialog)
    dialog.showModal()
    secret.focus()
  })
}
