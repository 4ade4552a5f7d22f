/** The right-hand panel while a zone is made: one big figure, and what stands behind it. */
import { helped } from '../core/help-mark.js'
import { store } from '../core/state.js'
import { errorBox, noticeBox } from '../core/errors.js'
import { byId, h, icon, render } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { CHANNELS } from './channels-step.js'
import { mappedNotice } from './mapped.js'
import { openCoverage } from './coverage.js'

/** @param {{showPosition:(position:[number,number])=>void}} view */
export function mountAudience(view) {
  const root = byId('audience')
  const bar = (share, text) => h('span', { class: 'bar', 'aria-hidden': 'true', title: text }, h('span', { class: 'bar-fill', css: { width: `${Math.min(100, Math.round(share * 1000) / 10)}%` } }))

  function channels(value) {
    const line = channel => {
      const count = value?.channels[channel] ?? null
      const share = value?.recipients ? count / value.recipients : 0
      return h('tr', {}, h('th', { scope: 'row' }, icon(channel), t(`channel.${channel}`)), h('td', { class: 'bar-cell' }, bar(share, n.percent(share))), h('td', { class: 'number' }, n.integer(count)))
    }
    return h('table', { class: 'by-channel' }, h('caption', { class: 'visually-hidden' }, t('audience.byChannel')),
      h('thead', { class: 'visually-hidden' }, h('tr', {}, h('th', { scope: 'col' }, t('audience.channel')), h('th', { scope: 'col' }, t('audience.part')), h('th', { scope: 'col' }, t('audience.recipients')))),
      h('tbody', {}, CHANNELS.map(line),
        value && h('tr', { class: 'unreachable' }, h('th', { scope: 'row' }, icon('unreachable'), t('audience.unreachable')), h('td', { class: 'bar-cell' }, bar(value.recipients ? value.unreachable / value.recipients : 0, '')), h('td', { class: 'number' }, n.integer(value.unreachable)))))
  }
  const fact = (name, value, note) => h('div', {}, h('dt', {}, name), h('dd', {}, value, note && h('span', { class: 'fact-note' }, note)))

  function facts(value) {
    const share = value.population ? value.recipients / value.population : null
    return h('dl', { class: 'facts' },
      fact(t('audience.population'), value.population === null ? t('audience.unknown') : n.integer(value.population), share === null ? null : t('audience.share', { share: n.percent(share) })),
      fact(t('audience.area'), n.area(value.areaSquareMetres)),
      fact(t('audience.communes'), n.integer(value.communes)))
  }

  function draw() {
    const { counts, config, connection } = store.get()
    const { status, error } = counts
    // A refused zone has no figure: the last one was another zone's.
    const refused = status === 'error' && error?.code !== 'network'
    const value = refused ? null : counts.value
    const sure = status === 'ok' && connection.ok
    const empty = status === 'empty'
    // Where the panel is below the map, the figure that matters stays in sight on it.
    render(byId('map-figure'), empty || !value ? null : h('strong', {}, `${sure ? '' : '≈\u202f'}${n.integer(value.recipients)}`), empty || !value ? null : t('audience.unit', { count: value?.recipients ?? 0 }))
    render(root,
      helped(h('h2', {}, t('audience.title')), 'panel.count'),
      h('p', { class: `big${sure ? '' : ' big-unsure'}`, 'aria-hidden': 'true' }, empty ? '0' : value ? `${sure ? '' : '≈\u202f'}${n.integer(value.recipients)}` : refused ? '–' : '…'),
      h('p', { class: 'big-unit' }, empty ? t('audience.emptyUnit') : refused ? t('audience.refusedUnit') : t('audience.unit', { count: value?.recipients ?? 2 })),
      empty && h('p', { class: 'empty' }, config?.recipients.count === 0 ? t('audience.noRegister') : t('audience.empty', { count: config?.recipients.count ?? 0 })),
      status === 'error' && errorBox(error, { actions: error.detail?.position ? [h('button', { type: 'button', class: 'button button-small', on: { click: () => view.showPosition(error.detail.position) } }, t('file.showFault'))] : [] }),
      !connection.ok && value && noticeBox(t('connection.lastFigure', { time: n.time(counts.at) })),
      value && !empty && h('p', { class: 'split' }, h('span', {}, h('strong', {}, n.integer(value.certain)), ` ${t('audience.certain', { count: value.certain })}`), h('span', {}, h('strong', {}, n.integer(value.possible)), ` ${t('audience.possible', { count: value.possible })}`)),
      value && !empty && value.notLocated > 0 && h('p', { class: 'split-note' }, t('audience.notLocatedLong', { count: value.notLocated })),
      !empty && !refused && channels(value),
      value && !empty && facts(value),
      value && !empty && (value.warnings ?? []).map(warning => noticeBox(warning.message)),
      value && !empty && mappedNotice(value.mapped),
      value && !empty && status !== 'error' && h('p', {}, h('button', { type: 'button', class: 'button button-small', data: { key: 'coverage' }, on: { click: () => { void openCoverage(store.get().draft) } } }, t('audience.openCoverage'))))
  }
  store.watch(state => [state.counts, state.connection.ok, state.config], draw)
}
