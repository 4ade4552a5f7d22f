/** Figures of campaigns by month: real ones and exercises apart, each chart with its table. */
import { get } from './core/api.js'
import { attempt, field, openDesk, part, table } from './core/desk.js'
import { noticeBox } from './core/errors.js'
import { byId, h, render } from './core/dom.js'
import { language, n, t } from './core/texts.js'
import { byMonth, stack } from './pure/statistics.js'

const SPACE = 'http://www.w3.org/2000/svg'
const WIDTH = 720
const HEIGHT = 220
const FOOT = 24
/** Months that the chart is as wide as: one alone is no wall. */
const FEWEST = 6
/** Milliseconds until a look at what was still being counted; the server takes some of its own. */
const AGAIN = 3000
/** @type {ReturnType<typeof setTimeout>|undefined} */
let again

const months = h('select', { data: { key: 'months' }, on: { change: () => void attempt(show) } }, [3, 12, 24, 36].map(count => h('option', { value: count, selected: count === 12 }, t('statistics.months', { count }))))
const file = h('a', { data: { key: 'csv' } }, t('statistics.csv'))
const body = h('div', { id: 'figures', class: 'desk-list' })

/** @param {string} name @param {Record<string, any>} attributes @param {...Node} children */
function svg(name, attributes, ...children) {
  const node = document.createElementNS(SPACE, name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value))
  node.append(...children)
  return node
}

/** @param {string} month `2026-11` */
const monthName = month => new Date(`${month}-15T12:00:00Z`).toLocaleDateString(language === 'fr' ? 'fr-FR' : 'en-GB', { month: 'short', year: 'numeric' })
const share = (part, whole) => whole > 0 ? `${n.integer(part)} (${Math.round(part / whole * 100)}\u00a0%)` : n.integer(part)

/** @param {number|null} seconds */
const delay = seconds => (seconds === null ? '–' : n.duration(seconds))

/** Recipients of each month, in what became of them. @param {any[]} sums @param {string} label */
function chart(sums, label) {
  const top = Math.max(1, ...sums.map(one => one.recipients))
  const step = WIDTH / Math.max(FEWEST, sums.length)
  const bars = sums.flatMap((one, index) => {
    let y = HEIGHT - FOOT
    const drawn = stack(one).map(({ name, count }) => {
      const high = count / top * (HEIGHT - FOOT - 16)
      y -= high
      return svg('rect', { class: `bar-${name}`, x: index * step + step * 0.15, y, width: step * 0.7, height: high })
    })
    const total = svg('text', { x: index * step + step / 2, y: y - 4, 'text-anchor': 'middle' })
    total.textContent = n.integer(one.recipients)
    const month = svg('text', { x: index * step + step / 2, y: HEIGHT - 8, 'text-anchor': 'middle' })
    month.textContent = sums.length > 12 ? one.month.slice(2) : monthName(one.month)
    return [...drawn, ...(sums.length <= 12 ? [total] : []), ...(sums.length <= 12 || index % 3 === 0 ? [month] : [])]
  })
  return svg('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': label }, svg('line', { class: 'axis', x1: 0, x2: WIDTH, y1: HEIGHT - FOOT, y2: HEIGHT - FOOT }), ...bars)
}

const legend = () => h('ul', { class: 'legend' }, ['acknowledged', 'reached', 'failed', 'rest'].map(name => h('li', {}, svg('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('rect', { class: `bar-${name}`, width: 16, height: 16 })), t(`statistics.bar.${name}`))))

/** @param {string} mode @param {any[]} figures */
function modePart(mode, figures) {
  const title = t(`statistics.mode.${mode}`)
  if (figures.length === 0) return part(title, h('p', { class: 'empty' }, t(`statistics.none.${mode}`)))
  const sums = byMonth(figures)
  const channels = figures.flatMap(one => one.channels.map(channel => ({ ...channel, month: one.month, organisation: one.organisation })))
  const causes = figures.flatMap(one => one.causes.map(cause => ({ ...cause, month: one.month, organisation: one.organisation })))
  return part(title, legend(), chart(sums, t('statistics.chart', { mode: title })),
    table(t('statistics.tableOf', { mode: title }), ['month', 'organisation', 'campaigns', 'recipients', 'reached', 'acknowledged', 'failed', 'unreachable', 'rest', 'half', 'most'].map(name => t(`statistics.column.${name}`)),
      figures.map(one => [monthName(one.month), one.organisation, n.integer(one.campaigns), n.integer(one.recipients), share(one.reached, one.recipients), share(one.acknowledged, one.recipients), share(one.failed, one.recipients), share(one.unreachable, one.recipients), n.integer(one.cancelled + one.pending), delay(one.halfReachedSeconds), delay(one.mostReachedSeconds)])),
    figures.some(one => one.uncounted > 0) && h('p', { class: 'muted' }, t('statistics.uncounted', { count: figures.reduce((sum, one) => sum + one.uncounted, 0) })),
    channels.length > 0 && h('h3', {}, t('statistics.byChannel')),
    channels.length > 0 && table(t('statistics.channelsOf', { mode: title }), ['month', 'organisation', 'channel', 'legsReached', 'legsFailed', 'messages', 'segments', 'cost'].map(name => t(`statistics.column.${name}`)),
      channels.map(one => [monthName(one.month), one.organisation, t(`channel.${one.channel}`), n.integer(one.reached), n.integer(one.failed), n.integer(one.messages), one.channel === 'sms' ? n.integer(one.segments) : '–', one.costs.length > 0 ? one.costs.join(' + ') : '–'])),
    causes.length > 0 && h('h3', {}, t('statistics.byCause')), causes.length > 0 && h('p', { class: 'muted' }, t('listed.failuresAbout')),
    causes.length > 0 && table(t('statistics.causesOf', { mode: title }), ['month', 'organisation', 'channel', 'cause', 'people'].map(name => t(`statistics.column.${name}`)),
      causes.map(one => [monthName(one.month), one.organisation, t(`channel.${one.channel}`), t(`register.cause.${one.cause}`), n.integer(one.recipients)])))
}

async function show() {
  clearTimeout(again)
  const asked = months.value
  const { figures, isCut, counting, quotas } = await get(`/api/statistics?months=${asked}`)
  if (asked !== months.value) return
  file.setAttribute('href', `/api/statistics/file?months=${months.value}`)
  if (counting > 0) again = setTimeout(() => void attempt(show), AGAIN)
  render(body, isCut && noticeBox(t('statistics.cut')), counting > 0 && h('p', { role: 'status', data: { key: 'counting' } }, t('statistics.counting', { count: counting })), ['real', 'exercise'].map(mode => modePart(mode, figures.filter(one => one.mode === mode))),
    part(t('means.quotas'), quotas.length === 0 ? h('p', { class: 'empty' }, t('statistics.noQuota')) : table(t('means.quotas'), ['organisation', 'period', 'what', 'amount', 'spent', 'left', 'percent'].map(name => t(`statistics.quota.${name}`)),
      quotas.map(one => [one.organisation, t(`means.period.${one.period}`), t(`means.what.${one.what}`), one.amount, one.spent, one.left, t(one.percent >= 80 ? 'means.percentHigh' : 'means.percent', { percent: one.percent })]))))
}

void openDesk('statistics.title', async () => {
  render(byId('content'), part(t('statistics.period'), h('div', { class: 'form-row' }, field(t('statistics.over'), months), file), h('p', { class: 'muted' }, t('statistics.settled'))), body)
  await show()
})
