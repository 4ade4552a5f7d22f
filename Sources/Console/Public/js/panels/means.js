/** An organisation's gateways, tariffs and quotas, and what its campaigns came to. */
import { call, get } from '../core/api.js'
import { attempt, button, field, form, moment, table, tell } from '../core/desk.js'
import { byId, h, render } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { quotaWords, shareSettings } from '../pure/quotas.js'

const CHANNELS = ['sms', 'voice', 'email', 'fax']

const choice = (options, key) => h('select', { data: { key } }, options.map(([value, text]) => h('option', { value }, text)))
const number = (key, step = '1') => h('input', { type: 'number', min: '0', step, inputmode: 'decimal', data: { key } })
const price = tariff => tariff ? t('means.price', { price: tariff.price.replace('.', t('means.decimalPoint')), currency: tariff.currency, unit: t(`means.unit.${tariff.unit}`) }) : t('means.noTariff')
const words = (quota, amount) => quotaWords(quota.what, amount, t, n)

/** @param {number} id the organisation's number */
export async function showMeans(id) {
  const means = await get(`/api/organisations/${id}/means`)
  byId('means-part').hidden = false
  byId('means-title').textContent = t('means.title', { name: means.name })
  const settle = (json, done) => async () => {
    await call('POST', `/api/organisations/${id}/means`, { json: json() })
    await showMeans(id)
    tell(t(done))
  }
  render(byId('means'), quotas(means, settle), gateways(means, settle), tariffs(means, settle), costs(id))
}

/** A button that shows them. @param {number} id @param {string} name */
export const meansButton = (id, name) => button(t('means.open'), async () => { await showMeans(id); byId('means-title').scrollIntoView({ block: 'start' }); byId('means-title').focus() }, { label: name, key: `means-${id}` })

function quotas(means, settle) {
  const period = choice(['month', 'year'].map(word => [word, t(`means.period.${word}`)]), 'quota-period')
  const what = choice(['segments', ...CHANNELS, 'EUR'].map(word => [word, t(`means.what.${word}`)]), 'quota-what')
  const amount = number('quota-amount', 'any')
  return [h('h3', {}, t('means.quotas')), h('p', { class: 'muted' }, t('means.quotasLead')),
    table(t('means.quotas'), ['means.period', 'means.quota', 'means.spent', 'means.reserved', 'means.left', 'means.used'].map(key => t(key)),
      means.quotas.map(quota => [t(`means.period.${quota.period}`), words(quota, quota.amount), words(quota, quota.spent), words(quota, quota.reserved), words(quota, quota.left),
        h('span', { class: quota.percent >= 80 ? 'quota-high' : '', data: { percent: String(quota.percent) } }, t(quota.percent >= 80 ? 'means.percentHigh' : 'means.percent', { percent: quota.percent }))])),
    means.maySettle ? form([field(t('means.period'), period), field(t('means.quota'), what), field(t('means.amount'), amount)], t('means.settleQuota'),
      settle(() => ({ quotas: [`${period.value}:${what.value}=${amount.value === '' ? 'none' : amount.value}`] }), 'means.settled'), { key: 'settle-quota' }) : h('p', { class: 'muted' }, t('means.notYours'))]
}

function gateways(means, settle) {
  const gateway = choice(means.gateways.map(one => [one.name, one.name]), 'share-gateway')
  const share = number('share-share'), ceiling = number('share-ceiling')
  const chosen = () => means.gateways.find(one => one.name === gateway.value)
  const fill = () => {
    const held = chosen()
    share.value = String(held?.share ?? 1)
    ceiling.value = String(held?.ceiling ?? '')
  }
  gateway.addEventListener('change', fill)
  fill()
  const settings = () => ({ shares: shareSettings(chosen(), share.value, ceiling.value) })
  return [h('h3', {}, t('means.gateways')), h('p', { class: 'muted' }, t('means.gatewaysLead')),
    table(t('means.gateways'), ['means.gateway', 'means.channel', 'means.owner', 'means.share', 'means.ceiling', 'means.tariff'].map(key => t(key)),
      means.gateways.map(one => [one.name, t(`channel.${one.channel}`), one.owner ?? t('means.everybody'), String(one.share), one.ceiling === null ? t('means.noCeiling') : t('means.perSecond', { count: one.ceiling }), price(one.tariff)])),
    means.maySettle && means.gateways.length > 0 && form([field(t('means.gateway'), gateway), field(t('means.share'), share), field(t('means.ceilingField'), ceiling)], t('means.settleShare'), settle(settings, 'means.settled'), { key: 'settle-share' })]
}

function tariffs(means, settle) {
  const channel = choice(CHANNELS.map(word => [word, t(`channel.${word}`)]), 'tariff-channel')
  const gateway = choice([['', t('means.allGateways')], ...means.gateways.map(one => [one.name, one.name])], 'tariff-gateway')
  const amount = number('tariff-price', '0.000001'), currency = h('input', { type: 'text', value: 'EUR', maxlength: '3', data: { key: 'tariff-currency' } })
  const unit = choice(['segment', 'minute', 'message'].map(word => [word, t(`means.unit.${word}`)]), 'tariff-unit')
  const from = h('input', { type: 'date', data: { key: 'tariff-from' } })
  const settings = () => ({
    tariffs: [`${channel.value}${gateway.value ? `@${gateway.value}` : ''}=${amount.value === '' ? 'inherit' : `${amount.value} ${currency.value}/${unit.value}`}`],
    ...(from.value ? { tariffsFrom: from.value } : {}),
  })
  return [h('h3', {}, t('means.tariffs')), h('p', { class: 'muted' }, t('means.tariffsLead')),
    table(t('means.tariffs'), ['means.from', 'means.channel', 'means.gateway', 'means.tariff'].map(key => t(key)),
      means.tariffs.map(one => [moment(one.from), t(`channel.${one.channel}`), one.gateway ?? t('means.allGateways'), one.tariff ? price(one.tariff) : t('means.inherited')])),
    means.maySettle && form([field(t('means.channel'), channel), field(t('means.gateway'), gateway), field(t('means.priceField'), amount), field(t('means.currency'), currency), field(t('means.per'), unit), field(t('means.fromField'), from)], t('means.settleTariff'), settle(settings, 'means.settled'), { key: 'settle-tariff' })]
}

function costs(id) {
  const month = h('input', { type: 'month', value: new Date().toISOString().slice(0, 7), data: { key: 'costs-month' } })
  return [h('h3', {}, t('means.costs')), h('p', { class: 'muted' }, t('means.costsLead')),
    form([field(t('means.month'), month)], t('means.download'), async () => { location.assign(`/api/organisations/${id}/costs?month=${encodeURIComponent(month.value)}`) }, { key: 'costs' })]
}
