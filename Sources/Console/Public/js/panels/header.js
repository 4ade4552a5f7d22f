/** The strip at the top: whose console, exercise or real, what time it is, who is signed in. */
import { shownMode, store } from '../core/state.js'
import { byId, h, icon, render } from '../core/dom.js'
import { language, n, switchLanguage, t } from '../core/texts.js'
import { onTheme, theme, toggleTheme } from '../core/theme.js'
import { signOut } from '../core/session.js'
import { errorBox } from '../core/errors.js'
import { MODE, otherConsole } from '../core/world.js'

/** What people wrote back that waits for a reader, as the configuration said when the page was opened. */
const unread = () => store.get().config?.unread ?? 0

/** What is managed at the real address alone. @param {any} session */
const realItems = session => [
  session?.capabilities?.some(one => ['see_personal_data', 'edit_register'].includes(one)) && h('a', { class: 'menu-item', href: '/registre' }, icon('list'), t('menu.register')),
  session?.capabilities?.includes('statistics') && [
    h('a', { class: 'menu-item', href: '/messages' }, icon('list'), t('menu.inbox'), unread() > 0 && h('strong', { class: 'unread' }, t('menu.unread', { count: unread() }))),
    h('a', { class: 'menu-item', href: '/modeles' }, icon('list'), t('menu.templates')),
    h('a', { class: 'menu-item', href: '/programmations' }, icon('list'), t('menu.schedules')),
    h('a', { class: 'menu-item', href: '/statistiques' }, icon('list'), t('menu.statistics')),
    h('a', { class: 'menu-item', href: '/listes' }, icon('list'), t('menu.lists')),
    h('a', { class: 'menu-item', href: '/passerelles' }, icon('list'), t('menu.gateways')),
  ],
  session?.capabilities?.some(one => ['administer', 'statistics'].includes(one)) && h('a', { class: 'menu-item', href: '/journal' }, icon('list'), t('menu.journal')),
  h('a', { class: 'menu-item', href: '/approbations' }, icon('check'), t('menu.approvals')),
  h('a', { class: 'menu-item', href: '/compte' }, icon('user'), t('menu.account')),
  session?.capabilities?.includes('administer') && h('a', { class: 'menu-item', href: '/administration' }, icon('user'), t('menu.people')),
  session?.capabilities?.some(one => one === 'administer' || one === 'edit_register') && h('a', { class: 'menu-item', href: '/organismes' }, icon('user'), t('menu.organisations')),
  h('a', { class: 'menu-item', href: '/mot-de-passe' }, icon('key'), t('menu.password')),
]

export function mountHeader() {
  const clock = byId('clock')
  let ahead = 0
  const tick = () => { clock.textContent = n.time(Date.now() + ahead) }
  store.watch(state => state.config, config => {
    byId('organisation').textContent = config?.organisation.name ?? ''
    if (config?.serverTime) ahead = new Date(config.serverTime).getTime() - Date.now()
    tick()
  })
  setInterval(tick, 1000)

  store.watch(shownMode, mode => {
    document.body.dataset.mode = mode
    render(byId('mode'), h('span', { class: 'mode-inner' }, mode === 'real' && icon('warning'), h('strong', {}, t(`mode.${mode}.word`)), h('span', { class: 'mode-short' }, t(`mode.${mode}.short`))))
    document.title = `${t(`mode.${mode}.word`)} – ${t('brand')}`
  })

  store.watch(state => state.connection, ({ ok, lastAt }) => {
    const banner = byId('connection')
    if (banner.hidden === ok) return
    banner.hidden = ok
    render(banner, !ok && [icon('warning'), h('span', {}, t('connection.lost', { time: n.time(lastAt + ahead) }))])
  })

  const menu = /** @type {HTMLDetailsElement} */ (byId('user-menu'))
  const draw = () => {
    const { session } = store.get()
    render(byId('user-name'), icon('user'), h('span', {}, session?.user ?? ''), MODE === 'real' && unread() > 0 && session?.capabilities?.includes('statistics') && h('strong', { class: 'unread' }, t('menu.unread', { count: unread() })))
    const role = session && t(['administrator', 'manager', 'operator', 'registrar', 'observer'].includes(session.role) ? `role.${session.role}` : 'role.other', { role: session.role })
    render(byId('user-items'),
      session && h('p', { class: 'menu-note' }, role),
      h('button', { type: 'button', class: 'menu-item', data: { key: 'theme' }, on: { click: toggleTheme } }, icon(theme() === 'night' ? 'day' : 'night'), t(theme() === 'night' ? 'menu.day' : 'menu.night')),
      h('button', { type: 'button', class: 'menu-item', lang: language === 'fr' ? 'en' : 'fr', on: { click: switchLanguage } }, icon('language'), language === 'fr' ? 'English' : 'Français'),
      otherConsole() && h('a', { class: 'menu-item', href: otherConsole(), data: { key: 'other-console' } }, icon(MODE === 'exercise' ? 'warning' : 'check'), t(MODE === 'exercise' ? 'exercise.back' : 'exercise.go')),
      MODE === 'real' && realItems(session),
      MODE === 'exercise' && session?.capabilities?.includes('statistics') && h('a', { class: 'menu-item', href: '/passerelles' }, icon('list'), t('menu.gateways')),
      h('a', { class: 'menu-item', href: location.hash.startsWith('#/campagnes') ? '/aide#suivi' : '/aide#zone', data: { key: 'help' } }, icon('info'), t('help.open')),
      h('button', { type: 'button', class: 'menu-item', on: { click: leave } }, icon('leave'), t('menu.signOut')))
  }
  async function leave() {
    try { await signOut() } catch (error) { byId('user-items').prepend(errorBox(error)) }
  }
  store.watch(state => state.session, draw)
  store.watch(state => state.config?.unread, draw)
  onTheme(draw)
  document.addEventListener('click', event => { if (menu.open && !menu.contains(/** @type {Node} */ (event.target))) menu.open = false })
  menu.addEventListener('keydown', event => { if (event.key === 'Escape' && menu.open) { event.preventDefault(); menu.open = false; menu.querySelector('summary').focus() } })
}
