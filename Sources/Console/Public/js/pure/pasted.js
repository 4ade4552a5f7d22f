/** Communes pasted from a spreadsheet or an e-mail: codes, names, or both. */

/** @typedef {{text:string, code:string|null}} Token */

const CODE = /^(?:\d{5}|2[ab]\d{3})$/i
const NAMED = /^(.*?)\s*\(\s*(\d{5}|2[ab]\d{3})\s*\)$/i

/**
 * @param {string} text one commune per line, comma, semicolon or tab
 * @returns {Token[]} in order, each once
 */
export function parsePasted(text) {
  const tokens = []
  for (const line of text.split(/\r?\n/)) {
    const cells = line.split(/[;,\t]/).map(cell => cell.trim().replace(/^"|"$/g, '').trim()).filter(Boolean)
    const codes = cells.filter(cell => CODE.test(cell))
    // A line with a code and other cells is a spreadsheet row: its first code alone decides, a later one may be a population.
    const kept = codes.length < cells.length ? codes.slice(0, 1) : codes
    if (kept.length > 0) kept.forEach(code => tokens.push({ text: code, code: code.toUpperCase() }))
    else for (const cell of cells) {
      const named = NAMED.exec(cell)
      tokens.push(named ? { text: cell, code: named[2].toUpperCase() } : { text: cell, code: null })
    }
  }
  const seen = new Set()
  return tokens.filter(token => {
    const key = token.code ?? foldName(token.text)
    return seen.has(key) ? false : seen.add(key)
  })
}

/**
 * Names compared as people type them: without accents, hyphens, apostrophes or case; "St" is "Saint".
 * @param {string} name
 */
export function foldName(name) {
  return name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/œ/g, 'oe').replace(/æ/g, 'ae')
    .replace(/[^a-z0-9]+/g, ' ').trim().replace(/\bst\b/g, 'saint').replace(/\bste\b/g, 'sainte')
}

/**
 * @param {string} text
 * @param {{code:string, name:string}[]} candidates
 * @returns {{code:string, name:string}[]} those whose whole name is the text
 */
export function exactMatches(text, candidates) {
  const [whole, bare] = [foldName(text), withoutArticle(foldName(text))]
  const exact = candidates.filter(commune => foldName(commune.name) === whole)
  // Registers write "Crotoy (Le)", "Le Crotoy" or "Crotoy": the article alone never tells two communes apart here.
  return exact.length > 0 ? exact : candidates.filter(commune => withoutArticle(foldName(commune.name)) === bare)
}

const withoutArticle = folded => folded.replace(/^(le|la|les|l) /, '')

/** Ways to write a name for a search by prefix, the typed one first. @param {string} text @returns {string[]} */
export function spellings(text) {
  const long = text.trim().replace(/^st[\s.-]+/i, 'Saint-').replace(/^ste[\s.-]+/i, 'Sainte-')
  const bare = long.replace(/^(?:(?:le|la|les)\s+|l['’]\s*)/i, '')
  return [...new Set([text.trim(), long, long.replace(/\s+/g, '-'), bare, bare.replace(/\s+/g, '-')])]
}
