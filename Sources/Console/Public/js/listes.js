/** The organisation's lists: making, naming, describing and removing them, with what leans on each. */
import { get, post } from './core/api.js'
import { announce } from './core/announce.js'
import { attempt, button, field, form, openDesk, part, tell } from './core/desk.js'
import { ask } from './core/dialog.js'
import { byId, h, render } from './core/dom.js'
import { t } from './core/texts.js'

const list = h('ul', { class: 'list-cards', id: 'lists' })
let mayWrite = false
let lists = []
/** Whose form stands open, and the form: whatever else changes on the page, what is being written in it stays. */
let open = null

async function show() {
  lists = (await get('/api/lists/book')).lists
  draw()
}

function draw() {
  render(list, lists.length === 0 ? h('li', { class: 'empty' }, t('lists.none')) : lists.map(card))
}

const users = one => [
  one.lists.length > 0 && t('lists.usedByLists', { names: one.lists.join(', ') }),
  one.scenarios.length > 0 && t('lists.usedByScenarios', { names: one.scenarios.join(', ') }),
  one.schedules.length > 0 && t('lists.usedBySchedules', { names: one.schedules.join(', ') }),
  one.organisations.length > 0 && t('lists.usedByOrganisations', { names: one.organisations.join(', ') }),
].filter(Boolean)
/** @param {any} one Whether what names it refuses to leave once it is gone. */
const isNamed = one => one.scenarios.length + one.schedules.length + one.organisations.length > 0

/** @param {any} one */
function card(one) {
  const used = users(one)
  return h('li', { class: 'list-card', data: { list: String(one.id) } },
    h('h3', {}, one.name, h('small', {}, t('lists.members', { count: one.members })), h('small', {}, t(`lists.kind.${one.kind}`)), one.isDefault && h('small', {}, t('lists.default'))),
    one.description && h('p', {}, one.description),
    used.length > 0 && h('ul', { class: 'bullets' }, used.map(text => h('li', {}, text))),
    mayWrite && (open?.id === one.id ? open.form : h('p', { class: 'actions' },
      button(t('lists.edit'), async () => { open = { id: one.id, form: editor(one) }; draw(); list.querySelector(`[data-list="${one.id}"] input`)?.focus() }, { label: one.name, key: `edit-${one.id}` }),
      one.kind === 'static' && h('a', { class: 'button button-small', href: '/registre' }, t('lists.people')),
      button(t('lists.remove'), () => remove(one, used), { label: one.name, danger: true, key: `remove-${one.id}` }))))
}

/** @param {any} one */
function editor(one) {
  const name = h('input', { type: 'text', maxlength: 200, value: one.name, autocomplete: 'off', required: true, data: { key: `name-${one.id}` } })
  const words = h('textarea', { maxlength: 500, rows: 2, data: { key: `words-${one.id}` } })
  words.value = one.description
  return h('form', { class: 'wide', novalidate: true, on: { submit: event => { event.preventDefault(); void attempt(() => save(one, name.value.trim(), words.value.trim())) } } },
    field(t('lists.name'), name), field(t('lists.description'), words),
    h('p', { class: 'actions' }, h('button', { type: 'submit', class: 'button button-primary', data: { key: `save-${one.id}` } }, t('lists.save')),
      button(t('common.cancel'), async () => { open = null; draw(); list.querySelector(`[data-key=edit-${one.id}]`)?.focus() })))
}

async function save(one, name, description) {
  if (name !== one.name) {
    if (isNamed(one) && !await ask({ title: t('lists.renameTitle', { name: one.name }), lines: [t('lists.renameLine'), ...users(one)], confirm: t('lists.renameYes'), danger: true })) return
    await post(`/api/lists/book/${one.id}/name`, { name, evenSo: isNamed(one) })
  }
  if (description !== one.description) await post(`/api/lists/book/${one.id}/description`, { description })
  open = null
  await show()
  tell(t('lists.saved', { name }))
  list.querySelector(`[data-key=edit-${one.id}]`)?.focus()
}

/** @param {any} one @param {string[]} used */
async function remove(one, used) {
  const lines = [t('lists.removeLine', { count: one.members }), ...used]
  if (isNamed(one)) lines.push(t('lists.removeUsed'))
  if (!await ask({ title: t('lists.removeTitle', { name: one.name }), lines, confirm: t('lists.removeYes'), danger: true })) return
  await post(`/api/lists/book/${one.id}/delete`, { evenSo: isNamed(one) })
  await show()
  tell(t('lists.removed', { name: one.name }))
  announce(t('lists.removed', { name: one.name }))
}

void openDesk('listsPage.title', async session => {
  mayWrite = session.capabilities.includes('edit_register')
  const name = h('input', { type: 'text', maxlength: 200, autocomplete: 'off', required: true, data: { key: 'new-name' } })
  const words = h('input', { type: 'text', maxlength: 500, autocomplete: 'off', data: { key: 'new-words' } })
  render(byId('content'),
    mayWrite && part(t('lists.new'), form([field(t('lists.name'), name), field(t('lists.description'), words)], t('lists.create'), async () => {
      await post('/api/lists/book', { name: name.value.trim(), description: words.value.trim() })
      const made = name.value.trim()
      name.value = ''
      words.value = ''
      await show()
      tell(t('lists.created', { name: made }), h('p', {}, h('a', { href: '/registre' }, t('lists.fill'))))
    }, { key: 'create' })),
    part(t('lists.all'), list))
  await show()
})
