/** What is left of the quotas that a campaign counts in, below its estimate. */
import { h } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { quotaWords } from '../pure/quotas.js'

/** @param {any[]} quotas */
export function quotaLines(quotas) {
  if (quotas.length === 0) return null
  const words = (quota, amount) => quotaWords(quota.what, amount, t, n)
  return h('ul', { class: 'plain small', data: { part: 'quotas' } }, quotas.map(quota =>
    h('li', {}, t(`means.quotaLeft.${quota.period}`, { name: quota.organisation, left: words(quota, quota.left), amount: words(quota, quota.amount) }))))
}
