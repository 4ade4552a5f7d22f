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

/**
 * The words that settle a gateway's share and ceiling: those of what is no longer as it holds.
 * @param {{name:string, share:number, ceiling:number | null}} held
 * @param {string} share as typed
 * @param {string} ceiling as typed; empty for none
 * @returns {string[]}
 */
export function shareSettings(held, share, ceiling) {
  const settings = []
  if (share !== String(held.share)) settings.push(`${held.name}=share ${share}`)
  if (ceiling !== String(held.ceiling ?? '')) settings.push(`${held.name}=ceiling ${ceiling === '' ? 'none' : ceiling}`)
  return settings
}
