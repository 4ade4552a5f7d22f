/** Choosing a password, at first sign-in or later. */
import { call, useToken } from './core/api.js'
import { errorBox, noticeBox } from './core/errors.js'
import { byId, h, loadIcons, render } from './core/dom.js'
import { t, translate } from './core/texts.js'

const SHORTEST = 12

translate(document)
void loadIcons()
document.title = `${t('password.title')} – ${t('brand')}`
const field = id => /** @type {HTMLInputElement} */ (byId(id))
const [current, fresh, again] = ['current', 'fresh', 'again'].map(field)
const outcome = byId('outcome')
const gauge = byId('gauge')

async function open() {
  try {
    const session = await call('GET', '/api/session')
    useToken(session.csrf)
    byId('who').textContent = t(session.mustChangePassword ? 'password.first' : 'password.later', { user: session.user })
    byId('back').hidden = session.mustChangePassword
  } catch (error) {
    if (error.status === 401) location.assign('/connexion?motif=expiree')
    else render(outcome, errorBox(error))
  }
}

fresh.addEventListener('input', () => {
  const left = SHORTEST - [...fresh.value].length
  gauge.textContent = fresh.value === '' ? t('password.rule', { count: SHORTEST }) : left > 0 ? t('password.left', { count: left }) : t('password.enough')
})

byId('form').addEventListener('submit', async event => {
  event.preventDefault()
  for (const one of [current, fresh, again]) one.removeAttribute('aria-invalid')
  const refuse = (node, text) => { node.setAttribute('aria-invalid', 'true'); render(outcome, noticeBox(text)); node.focus() }
  if (current.value === '') { refuse(current, t('password.needCurrent')); return }
  if ([...fresh.value].length < SHORTEST) { refuse(fresh, t('password.tooShort', { count: SHORTEST })); return }
  if (fresh.value !== again.value) { refuse(again, t('password.differ')); return }
  try {
    await call('POST', '/api/password', { json: { current: current.value, new: fresh.value } })
    render(outcome, noticeBox(t('password.done'), 'success', h('p', {}, h('a', { href: '/' }, t('password.go')))))
    location.assign('/')
  } catch (error) {
    if (error.status === 401) { location.assign('/connexion?motif=expiree'); return }
    render(outcome, errorBox(error))
    ;(error.code === 'weak_password' ? fresh : current).focus()
  }
})
void open()
