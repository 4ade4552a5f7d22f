/** Asks whoever sits at a session who they are: before a launch on a duty session, before changing rights on any. */
import { call } from './api.js'
import { h, render } from './dom.js'
import { errorBox, noticeBox } from './errors.js'
import { knowsKeys, sign, wasPutAway } from './keys.js'
import { t } from './texts.js'

/** @returns {Promise<boolean>} whether PIN, password or key were right; false when the question was put away */
export function askForProof() {
  return new Promise(resolve => {
    const secret = h('input', { type: 'password', id: 'proof-secret', autocomplete: 'off', required: true })
    const outcome = h('div'), keyPlace = h('div')
    const close = proved => { dialog.close(); dialog.remove(); resolve(proved) }
    const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'proof-title', on: { cancel: event => { event.preventDefault(); close(false) } } },
      h('h2', { id: 'proof-title' }, t('proof.title')), h('p', {}, t('proof.about')), keyPlace,
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
    /** A button for the account's keys, where it has some that this page may ask for. */
    async function offerKey() {
      if (!knowsKeys()) return
      const request = (await call('POST', '/api/session/proof/key').catch(() => null))?.key
      if (!request) return
      render(keyPlace, h('button', { type: 'button', class: 'button button-wide', data: { key: 'proof-key' }, on: { click: () => void prove(request) } }, t('keys.use')))
    }
    async function prove(request) {
      try {
        const key = await sign(request, 'required')
        await call('POST', '/api/session/proof', { json: { key } })
        close(true)
      } catch (error) {
        render(outcome, typeof error.code === 'string' ? errorBox(error) : noticeBox(t(wasPutAway(error) ? 'keys.putAway' : 'keys.failed'), 'warning'))
        // A challenge serves once.
        render(keyPlace)
        void offerKey()
      }
    }
    void offerKey()
    document.body.append(dialog)
    dialog.showModal()
    secret.focus()
  })
}
