/** Sign-in. */
import { call } from './core/api.js'
import { errorBox, noticeBox } from './core/errors.js'
import { knowsKeys, sign, wasPutAway } from './core/keys.js'
import { byId, h, loadIcons, render } from './core/dom.js'
import { language, switchLanguage, t, titled, translate } from './core/texts.js'
import { MODE, otherConsole } from './core/world.js'
import { routeOf } from './core/router.js'

translate(document)
void loadIcons()
document.title = titled(t('signIn.title'))
const query = new URLSearchParams(location.search)
const outcome = byId('outcome')
const button = byId('go')
const user = /** @type {HTMLInputElement} */ (byId('user'))
const password = /** @type {HTMLInputElement} */ (byId('password'))
const code = /** @type {HTMLInputElement} */ (byId('code'))
const withKey = byId('key')
const long = /** @type {HTMLInputElement} */ (byId('long'))
// Offered where this browser was declared a duty station; the server judges by its own cookie.
try { byId('long-field').hidden = MODE === 'exercise' || localStorage.getItem('tocsin.station') === null } catch { /* private window */ }
if (MODE === 'exercise') {
  // Another password: what is typed while training opens nothing real.
  byId('title').textContent = t('exercise.signInTitle')
  byId('password-label').textContent = t('exercise.signInPassword')
  byId('help').textContent = t('exercise.signInHelp')
  password.autocomplete = 'off'
}
const link = otherConsole()
if (link) render(byId('other'), h('a', { href: link, data: { key: 'other-console' } }, t(MODE === 'exercise' ? 'exercise.back' : 'exercise.go')), ' ', h('span', { class: 'muted small' }, t(MODE === 'exercise' ? 'exercise.backWhy' : 'exercise.goWhy')))
const other = byId('language')
other.textContent = language === 'fr' ? 'English' : 'Français'
other.lang = language === 'fr' ? 'en' : 'fr'
other.addEventListener('click', switchLanguage)

if (query.get('motif') === 'expiree') render(outcome, noticeBox(t('signIn.expired'), 'info'))
if (query.get('motif') === 'mot-de-passe') render(outcome, noticeBox(t('signIn.passwordChanged'), 'success'))

/** What the server asks a key to sign, once the password was right. */
let request = null

/** Only a place inside the console: never an address taken from the query. */
const next = () => { const hash = query.get('suite') ?? ''; return routeOf(hash).name === 'draft' ? '/' : `/${hash}` }

byId('form').addEventListener('submit', async event => {
  event.preventDefault()
  for (const field of [user, password]) field.toggleAttribute('aria-invalid', field.value === '')
  const empty = [user, password].find(field => field.value === '')
  if (empty) { render(outcome, errorBox({ code: 'missing_credentials' })); empty.focus(); return }
  await signIn(code.value === '' ? {} : { code: code.value })
})

withKey.addEventListener('click', async () => {
  let key
  try { key = await sign(request, 'preferred') } catch (error) {
    render(outcome, noticeBox(t(wasPutAway(error) ? 'keys.putAway' : 'keys.failed'), 'warning'))
    return
  }
  await signIn({ key })
})

/** @param {any} factor the second one, or nothing yet */
async function signIn(factor) {
  button.setAttribute('aria-disabled', 'true')
  try {
    const session = await call('POST', '/api/session', { json: { user: user.value, password: password.value, ...factor, ...(long.checked ? { long: true } : {}) }, quiet: true })
    location.assign(session.mustChangePassword ? '/mot-de-passe' : session.mustEnrol ? '/compte' : next())
  } catch (error) {
    button.removeAttribute('aria-disabled')
    render(outcome, errorBox(error))
    if (error.code === 'second_factor_needed') byId('code-field').hidden = false
    // A challenge serves once: without a new one the key is not asked again.
    request = error.code === 'second_factor_needed' && knowsKeys() ? error.detail.key ?? null : null
    byId('key-field').hidden = request === null
    if (request) { withKey.focus(); return }
    const wrong = byId('code-field').hidden ? password : code
    wrong.select()
    wrong.focus()
  }
}
;(user.value === '' ? user : password).focus()
