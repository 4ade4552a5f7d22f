/** One's own account: password, second factor, PIN, sessions, tokens. */
import { call, get, post } from './core/api.js'
import { byId, h, render } from './core/dom.js'
import { noticeBox } from './core/errors.js'
import { knowsKeys, register, wasPutAway } from './core/keys.js'
import { attempt, button, capabilityChecks, field, form, moment, openDesk, part, password, rights, table, tell } from './core/desk.js'
import { t } from './core/texts.js'

let enrolment = null
let told = ''
const show = async () => {
  const [account, notices] = await Promise.all([get('/api/account'), get('/api/account/notices')])
  told = notices.email
  draw(account)
}
const again = async text => { await show(); if (text) tell(text) }

function draw(account) {
  render(byId('content'),
    account.mustEnrol && noticeBox(t('account.mustEnrol'), 'warning'),
    part(account.user, h('p', {}, t('account.organisation', { name: account.organisation })), h('p', {}, t('account.rights', { rights: rights(account.capabilities) })),
      h('p', {}, h('a', { href: '/mot-de-passe' }, t('menu.password')))),
    factors(account), keys(account), pin(account), notices(), exercise(account), sessions(account), tokens(account))
}

function factors(account) {
  if (enrolment) {
    const code = h('input', { type: 'text', inputmode: 'numeric', autocomplete: 'one-time-code', maxlength: '6', data: { key: 'code' } })
    return part(t('factor.title'), h('p', {}, t('factor.scan')), qr(enrolment),
      h('p', {}, t('factor.byHand')), h('p', { class: 'secret' }, enrolment.secret.match(/.{1,4}/g).join(' ')),
      form([field(t('factor.code'), code)], t('factor.confirm'), async () => {
        const done = await post('/api/account/codes/confirm', { code: code.value.trim() })
        enrolment = null
        await show()
        recovery(done.recovery)
      }, { key: 'confirm-code' }))
  }
  const proof = password()
  const renew = () => form([field(t('account.password'), proof)], t('factor.renew'), async () => recovery((await post('/api/account/recovery', { password: proof.value })).recovery))
  if (!account.hasSecondFactor) {
    // With a key alone, recovery codes are what is left when it is lost.
    return part(t('factor.title'), h('p', {}, t(account.keys.length > 0 ? 'factor.keysOnly' : 'factor.none')), account.keys.length > 0 && h('p', {}, t('factor.codesLeft', { count: account.recoveryCodesLeft })), form([field(t('account.password'), proof)], t('factor.begin'), async () => {
      enrolment = await post('/api/account/codes', { password: proof.value })
      await show()
    }, { key: 'begin-codes' }), account.keys.length > 0 && h('div', { class: 'row row-buttons' }, button(t('factor.renew'), async () => recovery((await post('/api/account/recovery', { password: proof.value })).recovery))))
  }
  return part(t('factor.title'), h('p', {}, t('factor.on', { count: account.recoveryCodesLeft })),
    renew(),
    button(t('factor.remove'), async () => { await post('/api/account/codes/remove', { password: proof.value }); await again(t('factor.removed')) }, { danger: true }))
}

/** Where one is written to when something waits. */
function notices() {
  const email = h('input', { type: 'email', autocomplete: 'email', maxlength: '254', value: told })
  return part(t('notices.title'), h('p', {}, t('notices.about')), form([field(t('notices.email'), email)], t('notices.save'), async () => {
    await post('/api/account/notices', { email: email.value.trim() })
    await again(t('notices.saved'))
  }, { key: 'notices' }))
}

const recovery = codes => tell(t('factor.recovery'), h('ol', { class: 'codes' }, codes.map(code => h('li', {}, code))))

/** Security keys: the password first, then the browser's own question. */
function keys(account) {
  const proof = password(), name = h('input', { type: 'text', maxlength: '60', data: { key: 'key-name' }, 'aria-describedby': 'key-name-hint' })
  const why = !account.mayUseKeys ? account.keyDomain ? t('keys.otherPage', { domain: account.keyDomain }) : t('keys.noDomain') : knowsKeys() ? null : t('keys.oldBrowser')
  const list = account.keys.length > 0 && table(t('keys.title'), [t('keys.name'), t('keys.domain'), t('keys.added'), t('keys.used'), t('people.action')],
    account.keys.map(one => [one.name, one.domain, moment(one.addedAt), moment(one.lastUsedAt), button(t('keys.remove'), async () => {
      if (proof.value === '') { proof.focus(); throw Object.assign(new Error(), { code: 'wrong_password', status: 422 }) }
      await post(`/api/account/keys/${one.id}/remove`, { password: proof.value })
      await again(t('keys.removed'))
    }, { label: one.name, danger: true })]))
  if (why) return part(t('keys.title'), h('p', {}, t('keys.about')), noticeBox(why, 'info'), list, account.keys.length > 0 && field(t('account.password'), proof))
  return part(t('keys.title'), h('p', {}, t('keys.about')), list,
    form([field(t('keys.name'), name), field(t('account.password'), proof)], t('keys.add'), async () => {
      if (name.value.trim() === '') { name.focus(); return }
      const offer = await post('/api/account/keys/begin', { password: proof.value })
      let made
      try { made = await register(offer, t('brand')) } catch (error) { render(byId('outcome'), noticeBox(keyFault(error), 'warning')); return }
      const done = await post('/api/account/keys', { name: name.value.trim(), ...made })
      await show()
      if (done.recovery) recovery(done.recovery)
      else tell(t('keys.isAdded'))
    }, { key: 'add-key' }),
    h('p', { class: 'field-hint', id: 'key-name-hint' }, t('keys.nameHint')))
}

const keyFault = error => wasPutAway(error) ? t('keys.putAway') : error?.name === 'InvalidStateError' ? t('keys.known') : t('keys.failed')

function qr({ side, path }) {
  const space = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(space, 'svg')
  for (const [name, value] of Object.entries({ viewBox: `0 0 ${side} ${side}`, class: 'qr', role: 'img', 'aria-label': t('factor.image'), 'shape-rendering': 'crispEdges' })) svg.setAttribute(name, value)
  const drawing = document.createElementNS(space, 'path')
  drawing.setAttribute('d', path)
  svg.append(drawing)
  return svg
}

function pin(account) {
  const proof = password(), fresh = h('input', { type: 'password', inputmode: 'numeric', autocomplete: 'off', maxlength: '12' })
  return part(t('pin.title'), h('p', {}, t('pin.about')), h('p', {}, t(account.hasPIN ? account.isPINUsable ? 'pin.on' : 'pin.spent' : 'pin.none')),
    form([field(t('account.password'), proof), field(t('pin.new'), fresh)], t('pin.save'), async () => {
      await post('/api/account/pin', { password: proof.value, pin: fresh.value })
      await again(t('pin.saved'))
    }, { key: 'save-pin' }))
}

/** The password of exercises, which opens nothing else. */
function exercise(account) {
  const proof = password(), fresh = h('input', { type: 'password', autocomplete: 'off' })
  const save = async exercisePassword => { await post('/api/account/exercise-password', { password: proof.value, ...(exercisePassword ? { exercisePassword } : {}) }); await again(t(exercisePassword ? 'exercise.passwordSaved' : 'exercise.passwordRemoved')) }
  return part(t('exercise.passwordTitle'), h('p', {}, t('exercise.passwordAbout')), h('p', {}, t(account.hasExercisePassword ? 'exercise.passwordSet' : 'exercise.passwordNone')),
    form([field(t('account.password'), proof), field(t('exercise.passwordNew'), fresh)], t('exercise.passwordSave'), () => save(fresh.value || ' '), { key: 'save-exercise-password' }),
    account.hasExercisePassword && h('p', {}, button(t('exercise.passwordRemove'), () => save(null), { danger: true, key: 'remove-exercise-password' })))
}

function sessions(account) {
  return part(t('sessions.title'), table(t('sessions.title'), [t('sessions.opened'), t('sessions.kind'), t('sessions.ends'), t('people.action')],
    account.sessions.map(one => [moment(one.openedAt), one.mode === 'exercise' ? t('mode.exercise.word') : one.station ?? t(`sessions.${one.kind}`), moment(one.expiresAt),
      one.isThis ? t('sessions.this') : button(t('sessions.end'), async () => { await call('DELETE', `/api/account/sessions/${one.id}`); await again(t('sessions.ended')) }, { label: moment(one.openedAt) })])))
}

function tokens(account) {
  const name = h('input', { type: 'text', maxlength: '60' }), days = h('input', { type: 'number', min: '1', max: '366', value: '90' }), proof = password()
  const scope = capabilityChecks(account.capabilities), training = h('input', { type: 'checkbox', data: { key: 'token-exercise' } })
  return part(t('tokens.title'), h('p', {}, t('tokens.about')),
    table(t('tokens.title'), [t('tokens.name'), t('exercise.address'), t('people.rights'), t('tokens.used'), t('people.until'), t('people.action')],
      account.tokens.map(one => [one.name, t(`exercise.address.${one.mode}`), rights(one.capabilities), moment(one.lastUsedAt), moment(one.expiresAt),
        button(t('tokens.revoke'), async () => { await call('DELETE', `/api/account/tokens/${one.id}`); await again(t('tokens.revoked')) }, { label: one.name, danger: true })])),
    scope.node, h('label', { class: 'check' }, training, t('exercise.token')),
    form([field(t('tokens.name'), name), field(t('tokens.days'), days), field(t('account.password'), proof)], t('tokens.create'), async () => {
      const made = await post('/api/account/tokens', { password: proof.value, name: name.value, days: Number(days.value), capabilities: scope.value, mode: training.checked ? 'exercise' : 'real' })
      await show()
      tell(t('tokens.made'), h('p', { class: 'secret' }, made.token))
    }, { key: 'create-token' }))
}

void attempt(() => openDesk('account.title', show))
