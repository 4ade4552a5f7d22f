/** Step 3: by which ways, and what this console is for: exercises, or for real. */
import { helped } from '../core/help-mark.js'
import { store, updateDraft } from '../core/state.js'
import { h, icon, render } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { MODE, otherConsole } from '../core/world.js'
import { cascadeSteps, cascadeText, usualCascade } from '../pure/cascade.js'

export const CHANNELS = ['sms', 'voice', 'email', 'fax']

/** Whether a channel can carry this mode. @param {string} channel @param {string} mode */
export const isAvailable = (channel, mode) => mode === 'exercise' || Boolean(store.get().config?.channels.find(one => one.channel === channel)?.available)

/** The channels that will really be used. */
export const usedChannels = ({ channels, mode } = store.get().draft) => CHANNELS.filter(channel => channels.includes(channel) && isAvailable(channel, mode))

/** What this console is for, and where the other one is. @param {boolean} anyReal whether some channel has a gateway */
function modeBox(anyReal) {
  const exercise = MODE === 'exercise', other = otherConsole()
  return h('div', { class: `mode-box mode-box-${MODE}` }, h('h3', {}, !exercise && icon('warning'), t(`mode.${MODE}.word`)), h('p', {}, t(`mode.${MODE}.long`)),
    !exercise && !anyReal && h('p', { class: 'muted' }, t('mode.noRealChannel')),
    other ? h('p', {}, h('a', { href: other, data: { key: 'other-console' } }, t(exercise ? 'exercise.back' : 'exercise.go')), ' ', h('span', { class: 'muted' }, t(exercise ? 'exercise.backWhy' : 'exercise.goWhy'))) : !exercise && h('p', { class: 'muted' }, t('exercise.none')))
}

const option = (value, label, now) => { const node = h('option', { value: String(value) }, label); node.selected = value === now; return node }

/** All channels at once, or one after another until somebody confirms. @param {import('../core/state.js').Draft} draft */
function orderForm(draft) {
  const used = usedChannels(draft)
  const cascade = draft.cascade
  const change = patch => updateDraft({ cascade: { ...(cascade ?? usualCascade()), ...patch } })
  const choice = (value, chosen, act) => { const input = h('input', { type: 'radio', name: 'order', id: `order-${value}`, data: { key: `order-${value}` }, 'aria-describedby': `order-${value}-why`, on: { change: act } }); input.checked = chosen; return h('div', { class: 'channel' }, input, h('label', { for: `order-${value}` }, h('span', { class: 'channel-name' }, t(`cascade.${value}`))), h('p', { class: 'channel-why', id: `order-${value}-why` }, t(`cascade.${value}.why`))) }
  const field = (id, label, input) => h('div', { class: 'field' }, h('label', { for: id }, label), input)
  const select = (id, values, act) => h('select', { id, data: { key: id }, on: { change: event => act(event.target.value) } }, values)
  return h('div', {},
    h('fieldset', { class: 'bare' }, h('legend', { class: 'like-h3' }, t('cascade.title')), h('div', { class: 'channels' }, choice('together', !cascade, () => updateDraft({ cascade: null })), choice('turns', Boolean(cascade), () => change({})))),
    cascade && h('div', { class: 'row row-policy' }, used.map(channel => field(`step-${channel}`, t(`channel.${channel}`), select(`step-${channel}`, [1, 2, 3, 4].map(value => option(value, t('cascade.step', { number: value }), cascade.steps[channel] ?? 1)), value => change({ steps: { ...cascade.steps, [channel]: Number(value) } }))))),
    cascade && h('div', { class: 'row row-policy' },
      field('cascade-minutes', t('cascade.wait'), select('cascade-minutes', [1, 2, 5, 10, 15, 30, 60].map(value => option(value, t('policy.minutes', { count: value }), cascade.minutes)), value => change({ minutes: Number(value) }))),
      field('cascade-until', t('cascade.until'), select('cascade-until', ['acknowledged', 'answered', 'delivered'].map(value => option(value, t(`cascade.until.${value}`), cascade.until)), value => change({ until: value })))),
    cascade && h('p', { class: 'field-hint', role: 'status', id: 'cascade-summary' }, cascadeText(used, cascade) ? cascadeSteps(used, cascade).map(step => step.map(channel => t(`channel.${channel}`)).join(' + ')).join(t('cascade.then', { minutes: cascade.minutes })) : t('cascade.single')))
}

export function channelsStep() {
  const list = h('div', {})
  const mode = h('div', {})
  const policy = h('div', {})
  const kind = h('div', { class: 'item-form' })
  const order = h('div', { class: 'item-form' })

  function line(channel, draft, counts) {
    const available = isAvailable(channel, draft.mode)
    const chosen = draft.channels.includes(channel)
    const gateway = store.get().config?.channels.find(one => one.channel === channel)?.gateway
    const why = draft.mode === 'exercise' ? t('channel.simulated') : available ? t('channel.gateway', { gateway: gateway ?? '' }) : t('channel.unavailable')
    const input = h('input', { type: 'checkbox', id: `channel-${channel}`, data: { key: `channel-${channel}` }, disabled: !available, 'aria-describedby': `channel-${channel}-why`, on: { change: event => updateDraft({ channels: CHANNELS.filter(one => (one === channel ? event.target.checked : draft.channels.includes(one))) }) } })
    input.checked = chosen && available
    return h('li', { class: `channel${available ? '' : ' channel-off'}` }, input,
      h('label', { for: `channel-${channel}` }, icon(channel), h('span', { class: 'channel-name' }, t(`channel.${channel}`)), h('span', { class: 'channel-count' }, counts.value && counts.status !== 'empty' ? n.integer(counts.value.channels[channel]) : '–')),
      h('p', { class: 'channel-why', id: `channel-${channel}-why` }, why))
  }
  store.watch(state => [state.draft, state.counts, state.config], ([draft, counts]) => {
    const anyReal = CHANNELS.some(channel => isAvailable(channel, 'real'))
    render(list, h('fieldset', { class: 'bare' }, h('legend', { class: 'like-h3' }, t('channel.title')), h('p', { class: 'field-hint' }, t('channel.hint')), h('ul', { class: 'plain channels' }, CHANNELS.map(channel => line(channel, draft, counts)))))
    render(mode, modeBox(anyReal))
    const choice = value => { const input = h('input', { type: 'radio', name: 'kind', id: `kind-${value}`, data: { key: `kind-${value}` }, 'aria-describedby': `kind-${value}-why`, on: { change: () => updateDraft({ kind: value }) } }); input.checked = draft.kind === value; return h('div', { class: 'channel' }, input, h('label', { for: `kind-${value}` }, h('span', { class: 'channel-name' }, t(`kind.${value}`))), h('p', { class: 'channel-why', id: `kind-${value}-why` }, t(`kind.${value}.why`))) }
    render(kind, h('fieldset', { class: 'bare' }, h('legend', { class: 'like-h3' }, t('kind.title')), h('div', { class: 'channels' }, ['alert', 'information'].map(choice))),
      h('div', { class: 'field' }, h('label', { for: 'weight' }, t('weight.label')), h('select', { id: 'weight', data: { key: 'weight' }, 'aria-describedby': 'weight-hint', on: { change: event => updateDraft({ weight: Number(event.target.value) }) } }, [1, 2, 5, 10].map(value => option(value, t(`weight.${value}`), draft.weight))), h('p', { class: 'field-hint', id: 'weight-hint' }, t('weight.hint'))))
    render(order, orderForm(draft))
    render(policy, h('h3', {}, t('policy.title')), h('div', { class: 'row row-policy' },
      h('div', { class: 'field' }, h('label', { for: 'retries' }, t('policy.retries')), h('select', { id: 'retries', data: { key: 'retries' }, on: { change: event => updateDraft({ retries: Number(event.target.value) }) } }, [0, 1, 2, 3, 5].map(value => option(value, t('policy.times', { count: value }), draft.retries)))),
      h('div', { class: 'field' }, h('label', { for: 'period' }, t('policy.period')), h('select', { id: 'period', data: { key: 'period' }, on: { change: event => updateDraft({ retryMinutes: Number(event.target.value) }) } }, [1, 2, 5, 10, 15].map(value => option(value, t('policy.minutes', { count: value }), draft.retryMinutes))))))
  })
  return h('div', { id: 'panel-channels' }, helped(h('h3', {}, t('step.channels')), 'panel.channels'), h('section', { class: 'block' }, list), h('section', { class: 'block' }, order), h('section', { class: 'block' }, kind), h('section', { class: 'block' }, policy), h('section', { class: 'block' }, mode))
}
