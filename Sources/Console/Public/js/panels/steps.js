/** The five steps: where one is, what is done, and the way on. */
import { store } from '../core/state.js'
import { byId, h, icon, render } from '../core/dom.js'
import { t } from '../core/texts.js'
import { missing, stateOf, STEPS } from '../pure/steps.js'
import { channelsStep } from './channels-step.js'
import { launchStep } from './launch-step.js'
import { messageStep } from './message-step.js'
import { reviewStep } from './review-step.js'
import { zoneStep } from './zone-step.js'

/** @param {string} step */
export function goTo(step) {
  store.set({ step })
  byId('left-title').focus()
  byId('left-body').scrollTop = 0
}

/** What is missing now. */
export const lacks = () => missing(store.get().draft, store.get().counts)

/** @param {any} view what the panels may ask of the map */
export function mountSteps(view) {
  const nav = byId('steps')
  const body = byId('step-body')
  const foot = byId('left-foot')
  const panels = { zone: zoneStep(view), message: messageStep(), channels: channelsStep(), review: reviewStep(view), launch: launchStep() }

  function drawNav() {
    const { step } = store.get()
    const now = lacks()
    render(nav, h('ol', { class: 'steps' }, STEPS.map((name, index) => {
      // A step counts as done once those before it are: channels come chosen, yet were not looked at.
      const done = index < 3 && STEPS.slice(0, index + 1).every(one => stateOf(now, one) === 'done')
      return h('li', { class: `step${name === step ? ' step-now' : ''}${done ? ' step-done' : ''}` },
        h('button', { type: 'button', data: { key: `step-${name}` }, 'aria-current': name === step ? 'step' : null, on: { click: () => goTo(name) } },
          h('span', { class: 'step-number' }, String(index + 1), done && name !== step && icon('check')), h('span', { class: 'step-name' }, t(`step.${name}`)), done && h('span', { class: 'visually-hidden' }, t('step.done'))))
    })))
  }
  function drawFoot() {
    const { step } = store.get()
    const index = STEPS.indexOf(step)
    const next = STEPS[index + 1]
    const own = lacks()[step] ?? []
    render(foot,
      index > 0 && h('button', { type: 'button', class: 'button', data: { key: 'previous' }, on: { click: () => goTo(STEPS[index - 1]) } }, t('step.previous')),
      next && h('button', { type: 'button', class: 'button button-primary button-next', data: { key: 'next' }, 'aria-describedby': own.length ? 'next-lacks' : null, on: { click: () => goTo(next) } }, t('step.next', { name: t(`step.${next}`).toLowerCase() })),
      own.length > 0 && h('p', { class: 'foot-note', id: 'next-lacks' }, t(`lack.${own[0]}`)))
  }
  store.watch(state => [state.step, state.draft, state.counts.status, state.counts.value?.recipients], () => { drawNav(); drawFoot() })
  store.watch(state => state.step, step => {
    for (const [name, panel] of Object.entries(panels)) panel.hidden = name !== step
    document.body.dataset.step = step
  })
  body.append(...Object.values(panels))
}
