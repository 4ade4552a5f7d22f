/** Organisations below one's own, who may see the register, and how one is reached. */
import { call } from './core/api.js'
import { fail, openDesk, tell } from './core/desk.js'
import { noticeBox } from './core/errors.js'
import { byId, h, render } from './core/dom.js'
import { n, t } from './core/texts.js'
import { meansButton } from './panels/means.js'

const KINDS = ['commune', 'epci', 'prefecture', 'service']

const field = id => /** @type {HTMLInputElement} */ (byId(id))

/** Does something, says how it ended, and shows what is there now. */
async function act(work, done) {
  try {
    await work()
    await show()
    tell(t(done))
  } catch (error) { fail(error) }
}

let session

async function show() {
  if (session.capabilities.includes('administer')) drawTree(await call('GET', '/api/organisations'))
  if (session.capabilities.includes('edit_register')) drawCard((await call('GET', '/api/contact-card')).card)
}

function drawTree({ above, organisations, delegations }) {
  byId('tree-part').hidden = false
  byId('above').textContent = above.length > 0 ? t('organisations.above', { names: above.join(' › ') }) : ''
  render(byId('tree'), organisations.map(({ id, name, kind, code, depth }) =>
    h('li', { css: { 'margin-inline-start': `${depth * 1.25}rem` }, data: { organisation: String(id) } },
      h('strong', {}, name), ` ${t(`organisations.kind.${kind}`)}${code ? ` ${code}` : ''} `,
      h('button', { type: 'button', class: 'button button-small', on: { click: () => rename(id, name) } }, t('organisations.rename')), ' ', meansButton(id, name))))
  render(byId('under'), organisations.map(({ id, name }) => h('option', { value: String(id) }, name)))
  render(byId('kind'), KINDS.map(kind => h('option', { value: kind }, t(`organisations.kind.${kind}`))))
  render(byId('delegations'), delegations.length === 0
    ? h('li', { class: 'muted' }, t('organisations.noDelegation'))
    : delegations.map(({ id, owner, to, until, isGiven }) => h('li', {},
        t(isGiven ? 'organisations.given' : 'organisations.had', { owner, to }),
        until ? ` ${t('organisations.untilTime', { time: n.dateTime(new Date(until)) })} ` : ' ',
        isGiven && h('button', { type: 'button', class: 'button button-small', on: { click: () => act(() => call('DELETE', `/api/delegations/${id}`), 'organisations.withdrawn') } }, t('organisations.withdraw')))))
}

function rename(id, name) {
  const fresh = prompt(t('organisations.newName'), name)
  if (fresh && fresh !== name) void act(() => call('POST', `/api/organisations/${id}`, { json: { name: fresh } }), 'organisations.renamed')
}

function drawCard(card) {
  byId('card-part').hidden = false
  field('card-name').value = card?.name ?? ''
  field('card-function').value = card?.function ?? ''
  field('card-numbers').value = (card?.numbers ?? []).join('\n')
  field('card-email').value = card?.email ?? ''
  byId('card-remove').hidden = !card
}

byId('create').addEventListener('submit', event => {
  event.preventDefault()
  const json = { name: field('name').value, kind: field('kind').value, code: field('code').value, under: Number(field('under').value) }
  void act(async () => { await call('POST', '/api/organisations', { json }); field('name').value = field('code').value = '' }, 'organisations.created')
})
byId('delegate').addEventListener('submit', event => {
  event.preventDefault()
  const until = field('until').value
  const json = { to: field('to').value, ...(until ? { until: new Date(until).toISOString().replace(/\.\d+Z$/, 'Z') } : {}) }
  void act(async () => { await call('POST', '/api/delegations', { json }); field('to').value = '' }, 'organisations.delegated')
})
byId('card').addEventListener('submit', event => {
  event.preventDefault()
  const json = { name: field('card-name').value, function: field('card-function').value, numbers: field('card-numbers').value, email: field('card-email').value }
  void act(() => call('POST', '/api/contact-card', { json }), 'organisations.saved')
})
byId('card-remove').addEventListener('click', () => void act(() => call('DELETE', '/api/contact-card'), 'organisations.removed'))

void openDesk('organisations.title', async opened => {
  session = opened
  await show()
  if (byId('tree-part').hidden && byId('card-part').hidden) render(byId('outcome'), noticeBox(t('organisations.nothing')))
})
