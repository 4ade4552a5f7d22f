/** Help: a section for each page, and the sheet to print and keep by the telephone. */
import { openDesk, part } from './core/desk.js'
import { byId, h, render } from './core/dom.js'
import { helpLines } from './core/help-mark.js'
import { t } from './core/texts.js'
import { MODE, otherConsole } from './core/world.js'

/** Paragraphs of a section, which the marks beside the panels open. */
const PANELS = { zone: ['place', 'items', 'options', 'others', 'count', 'message', 'channels', 'review', 'launch'], suivi: ['campaigns', 'progress', 'followUp', 'people', 'report'] }
const SECTIONS = ['zone', 'suivi', 'exercice', 'registre', 'messages', 'modeles', 'programmations', 'statistiques', 'scenarios', 'approbations', 'doublons', 'listes', 'passerelles', 'organismes', 'administration', 'compte', 'journal']

const lines = name => helpLines(name).map(line => h('li', {}, line))
const panel = name => h('div', { id: `panel-${name}`, class: 'help-panel' }, h('h3', { tabindex: '-1' }, t(`help.panel.${name}.title`)), helpLines(`panel.${name}`).map(line => h('p', {}, line)))

/** @param {string} name */
function section(name) {
  const node = part(t(`help.${name}.title`), h('ul', {}, lines(name)), (PANELS[name] ?? []).map(panel), name === 'exercice' && exercise())
  node.id = name
  node.classList.add('help-section')
  return node
}

/** The way to the exercise address, from where nothing leaves. */
function exercise() {
  const other = otherConsole()
  const home = MODE === 'exercise' ? '/' : other
  return home ? h('p', { class: 'actions' }, h('a', { class: 'button', href: `${home}#/guide`, data: { key: 'guided' } }, t('guide.title')), h('a', { href: home }, t(MODE === 'exercise' ? 'help.exercise.here' : 'exercise.go'))) : h('p', {}, t('guide.nowhere'))
}

function memo() {
  const node = part(t('help.memo.title'), h('ol', {}, lines('memo')), h('p', {}, h('strong', {}, t('help.memo.wrong'))), h('div', { class: 'actions' }, h('button', { type: 'button', class: 'button', data: { key: 'print' }, on: { click: () => window.print() } }, t('help.memo.print'))))
  node.classList.add('memo')
  return node
}

void openDesk('help.title', async () => {
  render(byId('content'), part(t('help.toc'), h('ul', { class: 'help-toc' }, SECTIONS.map(name => h('li', {}, h('a', { href: `#${name}` }, t(`help.${name}.title`)))))), memo(), SECTIONS.map(section))
  const isThere = name => SECTIONS.includes(name) || Object.values(PANELS).flat().some(one => name === `panel-${one}`)
  const asked = isThere(location.hash.slice(1)) && document.getElementById(location.hash.slice(1))
  if (asked) {
    const heading = asked.querySelector('h2, h3')
    heading.tabIndex = -1
    heading.focus()
    asked.scrollIntoView()
  }
})
