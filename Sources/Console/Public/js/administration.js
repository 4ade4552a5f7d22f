/** People and rights of an organisation. */
import { call, get, post } from './core/api.js'
import { byId, h, render } from './core/dom.js'
import { CAPABILITIES, attempt, button, capabilityChecks, field, form, moment, openDesk, part, rights, roleName, table, tell } from './core/desk.js'
import { closedButton, whyNot } from './core/hands.js'
import { t } from './core/texts.js'

/** The sign-in page offers a week of duty where this is noted; the server judges by its own cookie. */
const rememberStation = () => { try { localStorage.setItem('tocsin.station', '1') } catch { /* private window: no week of duty there */ } }
let session = null
const show = async given => { session = given?.csrf ? given : session; draw(await get('/api/people')) }
const again = async text => { await show(); tell(text) }
/** @param {string} path @param {string} text what is said once it is done @param {any} [body] */
const act = (path, text, body) => async () => { await call('POST', path, body === undefined ? {} : { json: body }); await again(text) }
const remove = (path, text) => async () => { await call('DELETE', path); await again(text) }

const gift = grant => t(`grant.${grant.kind}`, { name: ['role', 'shift'].includes(grant.kind) ? roleName(grant.gift) : grant.gift })
const input = (key, type = 'text') => h('input', { type, data: { key } })
const choice = (key, options) => h('select', { data: { key } }, options.map(([value, text]) => h('option', { value }, text)))
const stated = outcome => t(outcome.state === 'pending' ? 'grant.isPending' : 'grant.isActive')
const iso = text => text === '' ? null : new Date(text).toISOString()

function draw(house) {
  const open = house.people.filter(person => !person.isClosed)
  const pending = house.grants.filter(grant => grant.state === 'pending')
  render(byId('content'), waiting(pending), people(house), grants(house, open), duty(house, open), groups(house), roles(house), stations(house), sessions(house), policy(house))
}

function waiting(pending) {
  if (pending.length === 0) return null
  const node = part(t('grant.waiting'), h('p', {}, t('grant.waitingAbout')), table(t('grant.waiting'), [t('people.who'), t('grant.what'), t('people.until'), t('grant.by'), t('people.action')],
    pending.map(grant => [grant.beneficiary, gift(grant), moment(grant.until), grant.madeBy, h('div', { class: 'row row-buttons' },
      grant.mayConfirm && whyNot(session, grant.madeBy) ? closedButton(t('grant.confirm'), whyNot(session, grant.madeBy), 'button button-small') : grant.mayConfirm ? button(t('grant.confirm'), act(`/api/grants/${grant.id}/confirm`, t('grant.confirmed')), { label: grant.beneficiary, key: `confirm-${grant.id}` }) : h('span', { class: 'muted' }, t('grant.other')),
      button(t('grant.refuse'), act(`/api/grants/${grant.id}/refuse`, t('grant.refused')), { label: grant.beneficiary, danger: true }))])))
  node.classList.add('part-warning')
  return node
}

function people(house) {
  const name = input('new-name'), role = choice('new-role', house.roles.map(one => [one.name, roleName(one.name)]))
  return part(t('people.people'), table(t('people.people'), [t('people.who'), t('people.rights'), t('people.from'), t('people.factor'), t('people.action')],
    house.people.map(person => [person.isClosed ? t('people.closedName', { name: person.name }) : person.name, rights(person.capabilities),
      house.grants.filter(grant => !grant.isGroup && grant.beneficiary === person.name && grant.isInForce).map(gift).join(', ') || '–',
      t(person.hasSecondFactor ? 'people.yes' : 'people.no'),
      person.isClosed ? '–' : h('div', { class: 'row row-buttons' },
        button(t('people.reset'), async () => {
          const done = await post(`/api/people/${person.id}/reset-password`, {})
          await show()
          tell(t('people.oneTime', { name: person.name }), h('p', { class: 'secret' }, done.password))
        }, { label: person.name }),
        person.hasSecondFactor && button(t('people.resetFactors'), act(`/api/people/${person.id}/reset-factors`, t('people.factorsGone')), { label: person.name }),
        person.keys.map(key => button(t('keys.removeOf', { name: key.name }), remove(`/api/people/keys/${key.id}`, t('keys.removed')), { label: person.name, danger: true, key: `remove-key-${key.id}` })),
        button(t('people.close'), async () => { if (confirm(t('people.closeSure', { name: person.name }))) await act(`/api/people/${person.id}/close`, t('people.closed'))() }, { label: person.name, danger: true }))])),
    form([field(t('people.newName'), name), field(t('people.role'), role)], t('people.create'), async () => {
      const made = await post('/api/people', { name: name.value.trim(), role: role.value })
      await show()
      tell(t('people.oneTime', { name: name.value.trim() }), h('p', { class: 'secret' }, made.password), h('p', {}, stated(made)))
    }, { key: 'create-person' }))
}

function grants(house, open) {
  const whom = choice('grant-person', [...open.map(one => [`person:${one.id}`, one.name]), ...house.groups.map(one => [`group:${one.id}`, t('grant.groupNamed', { name: one.name })])])
  const what = choice('grant-what', [...house.roles.map(one => [`role:${one.name}`, t('grant.role', { name: roleName(one.name) })]), ...open.map(one => [`replacing:${one.id}`, t('grant.rights', { name: one.name })]), ...house.groups.map(one => [`inGroup:${one.id}`, t('grant.membership', { name: one.name })])])
  const until = input('grant-until', 'datetime-local')
  return part(t('grant.title'), table(t('grant.title'), [t('people.who'), t('grant.what'), t('people.fromWhen'), t('people.until'), t('grant.by'), t('people.action')],
    house.grants.filter(grant => grant.state === 'active').map(grant => [grant.beneficiary, gift(grant), moment(grant.from), moment(grant.until), grant.decidedBy ? `${grant.madeBy}, ${grant.decidedBy}` : grant.madeBy,
      button(t('grant.withdraw'), act(`/api/grants/${grant.id}/withdraw`, t('grant.withdrawn')), { label: `${grant.beneficiary}, ${gift(grant)}`, danger: true })])),
    form([field(t('grant.to'), whom), field(t('grant.what'), what), field(t('grant.untilOptional'), until)], t('grant.give'), async () => {
      const [kind, id] = whom.value.split(':'), [verb, ...rest] = what.value.split(':')
      const value = rest.join(':')
      const made = await post('/api/grants', { [kind]: Number(id), [verb]: verb === 'role' ? value : Number(value), until: iso(until.value) })
      await again(stated(made))
    }, { key: 'give-grant' }))
}

function duty(house, open) {
  const whom = choice('duty-person', open.map(one => [one.id, one.name])), role = choice('duty-role', house.roles.map(one => [one.name, roleName(one.name)]))
  const from = input('duty-from', 'datetime-local'), until = input('duty-until', 'datetime-local')
  const shifts = house.grants.filter(grant => grant.kind === 'shift').sort((a, b) => a.from.localeCompare(b.from))
  const now = shifts.filter(one => one.isInForce)
  return part(t('duty.title'), h('p', {}, now.length === 0 ? t('duty.nobody') : t('duty.now', { names: now.map(one => one.beneficiary).join(', ') })),
    table(t('duty.title'), [t('people.who'), t('people.role'), t('people.fromWhen'), t('people.until'), t('duty.state')], shifts.map(one => [one.beneficiary, roleName(one.gift), moment(one.from), moment(one.until), t(`grant.state.${one.state}`)])),
    form([field(t('people.who'), whom), field(t('people.role'), role), field(t('people.fromWhen'), from), field(t('people.until'), until)], t('duty.add'), async () =>
      again(stated(await post('/api/grants', { person: Number(whom.value), shift: role.value, from: iso(from.value), until: iso(until.value) }))), { key: 'add-duty' }))
}

function groups(house) {
  const name = input('group-name')
  return part(t('groups.title'), table(t('groups.title'), [t('groups.name'), t('people.rights'), t('groups.members'), t('people.action')], house.groups.map(one => [one.name, rights(one.capabilities), one.members.join(', ') || '–',
    button(t('groups.remove'), remove(`/api/groups/${one.id}`, t('groups.removed')), { label: one.name, danger: true })])),
    form([field(t('groups.name'), name)], t('groups.create'), async () => { await post('/api/groups', { name: name.value.trim() }); await again(t('groups.created')) }))
}

function roles(house) {
  const name = input('role-name'), scope = capabilityChecks(CAPABILITIES)
  return part(t('roles.title'), table(t('roles.title'), [t('roles.name'), t('people.rights'), t('people.action')], house.roles.map(one => [roleName(one.name), rights(one.capabilities),
    one.isBuiltIn ? t('roles.builtIn') : button(t('roles.remove'), act('/api/roles/remove', t('roles.removed'), { name: one.name }), { label: one.name, danger: true })])),
    scope.node, form([field(t('roles.name'), name)], t('roles.save'), async () => { await post('/api/roles', { name: name.value.trim(), capabilities: scope.value }); await again(t('roles.saved')) }))
}

function stations(house) {
  const name = input('station-name')
  return part(t('stations.title'), h('p', {}, t('stations.about')), table(t('stations.title'), [t('stations.name'), t('stations.by'), t('stations.at'), t('people.action')], house.stations.map(one => [one.name, one.declaredBy, moment(one.declaredAt),
    button(t('stations.revoke'), remove(`/api/stations/${one.id}`, t('stations.revoked')), { label: one.name, danger: true })])),
    form([field(t('stations.name'), name)], t('stations.declare'), async () => { await post('/api/stations', { name: name.value.trim() }); rememberStation(); await again(t('stations.declared')) }))
}

function sessions(house) {
  return part(t('sessions.all'), table(t('sessions.all'), [t('people.who'), t('sessions.opened'), t('sessions.kind'), t('sessions.ends'), t('people.action')], house.sessions.map(one => [one.user, moment(one.openedAt), one.station ?? t(`sessions.${one.kind}`), moment(one.expiresAt),
    button(t('sessions.end'), remove(`/api/people/sessions/${one.id}`, t('sessions.ended')), { label: one.user })])))
}

function policy(house) {
  const next = !house.isSecondFactorRequired
  return part(t('factorPolicy.title'), h('p', {}, t(house.isSecondFactorRequired ? 'factorPolicy.required' : 'factorPolicy.optional')),
    h('p', {}, button(t(next ? 'factorPolicy.require' : 'factorPolicy.leave'), act('/api/people/policy', t('factorPolicy.changed'), { secondFactor: next }))))
}

void attempt(() => openDesk('people.title', show))
