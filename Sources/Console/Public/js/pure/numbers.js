/**
 * Figures as an operator reads them: grouped by narrow no-break spaces in French, units attached.
 * Nothing here knows the page; every function takes plain numbers in SI units.
 */

const MISSING = '–'

/**
 * @param {string} locale BCP 47, for example `fr-FR`
 */
export function createNumbers(locale) {
  const french = locale.startsWith('fr')
  const space = french ? '\u202f' : '\u00a0'
  const formats = [0, 1, 2].map(digits => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }))
  const known = value => typeof value === 'number' && Number.isFinite(value)

  const decimal = (value, digits = 1) => (known(value) ? formats[digits].format(value) : MISSING)
  const integer = value => decimal(known(value) ? Math.round(value) : value, 0)

  /** @param {number|null} share 0…1 */
  function percent(share) {
    if (!known(share)) return MISSING
    const points = share * 100
    if (points > 0 && points < 0.1) return `<${space}${decimal(0.1)}${french ? space : ''}%`
    // 99.96 % must not read "100 %": someone is left.
    const kept = points < 100 && points > 99 ? Math.floor(points * 10) / 10 : points
    return `${decimal(kept, kept < 10 || kept > 99 ? 1 : 0)}${french ? space : ''}%`
  }

  /** @param {number|null} squareMetres */
  function area(squareMetres) {
    if (!known(squareMetres)) return MISSING
    if (squareMetres < 10_000) return `${integer(squareMetres)}${space}m²`
    if (squareMetres < 1_000_000) return `${decimal(squareMetres / 10_000)}${space}ha`
    return `${decimal(squareMetres / 1_000_000)}${space}km²`
  }

  /** @param {number|null} metres */
  function distance(metres) {
    if (!known(metres)) return MISSING
    return metres < 10_000 ? `${integer(metres)}${space}m` : `${decimal(metres / 1000)}${space}km`
  }

  /** @param {number|null} seconds */
  function duration(seconds) {
    if (!known(seconds) || seconds < 0) return MISSING
    const whole = Math.round(seconds)
    if (whole < 60) return `${whole}${space}s`
    if (whole < 3600) return `${Math.floor(whole / 60)}${space}min${space}${String(whole % 60).padStart(2, '0')}${space}s`
    return `${integer(Math.floor(whole / 3600))}${space}h${space}${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')}`
  }

  /** @param {string|null} amount a decimal number, exact @param {string} currency ISO 4217 */
  function money(amount, currency) {
    const value = amount === null ? NaN : Number(amount)
    if (!known(value)) return MISSING
    // A tariff of a tenth of a cent is not nothing.
    const digits = value !== 0 && Math.abs(value) < 1 ? 4 : 2
    return new Intl.NumberFormat(locale, { style: 'currency', currency, minimumFractionDigits: 2, maximumFractionDigits: digits }).format(value)
  }

  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false })
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hour12: false })
  const instant = value => (value === null || value === undefined ? null : new Date(value))
  /** @param {string|number|Date|null} value */
  const time = value => (instant(value) ? clock.format(instant(value)) : MISSING)
  const calendar = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
  /** @param {string} value YYYY-MM-DD */
  const date = value => calendar.format(new Date(`${value}T00:00:00Z`))
  /** @param {string|number|Date|null} value */
  const dateTime = value => (instant(value) ? day.format(instant(value)) : MISSING)

  /** @param {number} value degrees */
  const degrees = value => value.toLocaleString('en-US', { maximumFractionDigits: 6, useGrouping: false })

  return { integer, decimal, percent, area, distance, duration, money, time, date, dateTime, degrees }
}

/**
 * Reads a whole number as typed: any kind of space may group it.
 * @param {string} text
 * @returns {number|null}
 */
export function parseInteger(text) {
  const bare = text.replace(/[\s\u00a0\u202f.]/g, '')
  return /^\d{1,12}$/.test(bare) ? Number(bare) : null
}

/**
 * Reads a decimal number with a comma or a point.
 * @param {string} text
 * @returns {number|null}
 */
export function parseDecimal(text) {
  const bare = text.trim().replace(/[\s\u00a0\u202f]/g, '').replace(',', '.')
  return /^[+-]?\d+(\.\d*)?$|^[+-]?\.\d+$/.test(bare) ? Number(bare) : null
}
