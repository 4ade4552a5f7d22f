/** The labelled tools above the map, and the words that say what to do with the one in hand. */
import { canRedo, canUndo, redo, store, undo } from '../core/state.js'
import { announce } from '../core/announce.js'
import { byId, h, icon, render } from '../core/dom.js'
import { t } from '../core/texts.js'
import { SNAPPING_TOOLS } from './snapping.js'

const TOOLS = ['move', 'polygon', 'circle', 'hole', 'communes', 'modify']
const DRAWING = ['polygon', 'circle', 'hole']

/** @param {{use:(tool:string)=>void, toggleSnap:()=>void, finish:()=>void, back:()=>void}} tools @param {{pickFile:()=>void}} files */
export function mountToolbar(tools, files) {
  const bar = byId('toolbar')
  const tool = name => h('button', { type: 'button', class: 'tool', data: { key: `tool-${name}`, tool: name }, 'aria-pressed': store.get().tool === name ? 'true' : 'false', on: { click: () => tools.use(name) } }, icon(name), h('span', {}, t(`tool.${name}`)))
  const action = (name, enabled, run) => h('button', { type: 'button', class: 'tool', data: { key: `tool-${name}`, tool: name }, 'aria-disabled': enabled ? null : 'true', on: { click: () => { if (enabled) run() } } }, icon(name), h('span', {}, t(`tool.${name}`)))
  const step = (name, run) => action(name, name === 'undo' ? canUndo() : canRedo(), () => { if (run()) announce(t(`tool.${name}Done`, { count: store.get().draft.items.length })) })

  const magnet = () => h('button', { type: 'button', class: 'tool', data: { key: 'tool-snap', tool: 'snap' }, 'aria-pressed': String(store.get().snap.on), 'aria-keyshortcuts': 'A', on: { click: tools.toggleSnap } }, icon('snap'), h('span', {}, t('tool.snap')))

  store.watch(state => [state.tool, state.historyDepth, state.step, state.route.name, state.snap.on], ([, , at, route]) => {
    bar.hidden = route !== 'draft' || at !== 'zone'
    byId('cross').hidden = bar.hidden || !['polygon', 'circle', 'hole', 'communes'].includes(store.get().tool)
    if (bar.hidden) { if (store.get().tool !== 'move') tools.use('move'); return }
    render(bar,
      h('div', { class: 'tool-group' }, TOOLS.slice(0, 5).map(tool), action('import', true, files.pickFile), tool('modify'), magnet()),
      h('div', { class: 'tool-group' }, step('undo', undo), step('redo', redo)))
  })

  const line = byId('drawing')
  let said = null
  const show = () => {
    const { tool: name, sketch, route, step: at, snap } = store.get()
    const visible = route.name === 'draft' && at === 'zone'
    const drawing = visible && DRAWING.includes(name) && sketch
    render(line,
      visible && h('p', { class: 'hint', id: 'map-hint' }, said ?? t(`hint.${name}${sketch && sketch.points > 0 ? '.started' : ''}`)),
      visible && SNAPPING_TOOLS.includes(name) && h('p', { class: 'hint hint-snap', data: { figure: 'snap' } }, t(!snap.on ? 'snap.off' : snap.tooMany ? 'snap.tooWide' : 'snap.on')),
      drawing && h('div', { class: 'drawing-actions' },
        name !== 'circle' && h('button', { type: 'button', class: 'button button-small button-primary', data: { key: 'finish' }, disabled: !sketch.canFinish, on: { click: tools.finish } }, t('draw.finish')),
        name !== 'circle' && h('button', { type: 'button', class: 'button button-small', data: { key: 'back' }, disabled: sketch.points === 0, on: { click: tools.back } }, t('draw.back')),
        h('button', { type: 'button', class: 'button button-small', data: { key: 'give-up' }, on: { click: () => tools.use('move') } }, t('draw.cancel'))))
  }
  store.watch(state => [state.tool, state.sketch, state.step, state.route.name, state.snap.on, state.snap.tooMany], show)
  return { hint(text) { if (text !== said) { said = text; show() } } }
}
