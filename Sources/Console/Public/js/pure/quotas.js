/** Quotas in words. */

/**
 * An amount of what a quota counts.
 * @param {string} what a channel, `segments`, or a currency
 * @param {string} amount a decimal number
 * @param {(key:string, values?:any) => string} t
 * @param {{integer:(value:number) => string}} n
 */
export function quotaWords(what, amount, t, n) {
  if (/^[A-Z]{3}$/.test(what)) return `${amount.replace('.', t('means.decimalPoint'))} ${what}`
  return t(`means.count.${what}`, { count: Number(amount), number: n.integer(Number(amount)) })
}
