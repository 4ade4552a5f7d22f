/** One's own account: password, second factor, PIN, sessions, tokens. */
import { call, get, post } from './core/api.js'
import { byId, h, render } from './core/dom.js'
import { noticeBox } from './core/errors.js'
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
    factors(account), pin(account), notices(), sessions(account), tokens(account))
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
  if (!account.hasSecondFactor) {
    return part(t('factor.title'), h('p', {}, t('factor.none')), form([field(t('account.password'), proof)], t('factor.begin'), async () => {
      enrolment = await post('/api/account/codes', { password: proof.value })
      await show()
    }, { key: 'begin-codes' }))
  }
  return part(t('factor.title'), h('p', {}, t('factor.on', { count: account.recoveryCodesLeft })),
    form([field(t('account.password'), proof)], t('factor.renew'), async () => recovery((await post('/api/account/recovery', { password: proof.value })).recovery)),
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

function sessions(account) {
  return part(t('sessions.title'), table(t('sessions.title'), [t('sessions.opened'), t('sessions.kind'), t('sessions.ends'), t('people.action')],
    account.sessions.map(one => [moment(one.openedAt), one.station ?? t(`sessions.${one.kind}`), moment(one.expiresAt),
      one.isThis ? t('sessions.this') : button(t('sessions.end'), async () => { await call('DELETE', `/api/account/sessions/${one.id}`); await again(t('sessions.ended')) }, { label: moment(one.openedAt) })])))
}

function tokens(account) {
  const name = h('input', { type: 'text', maxlength: '60' }), days = h('input', { type: 'number', min: '1', max: '366', value: '90' }), proof = password()
  const scope = capabilityChecks(account.capabilities)
  return part(t('tokens.title'), h('p', {}, t('tokens.about')),
    table(t('tokens.title'), [t('tokens.name'), t('people.rights'), t('tokens.used'), t('people.until'), t('people.action')],
      account.tokens.map(one => [one.name, rights(one.capabilities), moment(one.lastUsedAt), moment(one.expiresAt),
        button(t('tokens.revoke'), async () => { await call('DELETE', `/api/account/tokens/${one.id}`); await again(t('tokens.revoked')) }, { label: one.name, danger: true })])),
    scope.node,
    form([field(t('tokens.name'), name), field(t('tokens.days'), days), field(t('account.password'), proof)], t('tokens.create'), async () => {
      const made = await post('/api/account/tokens', { password: proof.value, name: name.value, days: Number(days.value), capabilities: scope.value })
      await show()
      tell(t('tokens.made'), h('p', { class: 'secret' }, made.token))
    }, { key: 'create-token' }))
}

void attempt(() => openDesk('account.title', show))
