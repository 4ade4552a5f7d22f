/** The page's language, its catalogue and its figures. */
import french from '../texts.fr.js'
import english from '../texts.en.js'
import exerciseFrench from '../texts.exercise.fr.js'
import exerciseEnglish from '../texts.exercise.en.js'
import peopleFrench from '../texts.people.fr.js'
import peopleEnglish from '../texts.people.en.js'
import quotaFrench from '../texts.quota.fr.js'
import quotaEnglish from '../texts.quota.en.js'
import requestsFrench from '../texts.requests.fr.js'
import requestsEnglish from '../texts.requests.en.js'
import estimateFrench from '../texts.estimate.fr.js'
import estimateEnglish from '../texts.estimate.en.js'
import keysFrench from '../texts.keys.fr.js'
import keysEnglish from '../texts.keys.en.js'
import registerFrench from '../texts.register.fr.js'
import registerEnglish from '../texts.register.en.js'
import importsFrench from '../texts.imports.fr.js'
import importsEnglish from '../texts.imports.en.js'
import oneOffFrench from '../texts.oneoff.fr.js'
import oneOffEnglish from '../texts.oneoff.en.js'
import followFrench from '../texts.follow.fr.js'
import followEnglish from '../texts.follow.en.js'
import draftFrench from '../texts.draft.fr.js'
import draftEnglish from '../texts.draft.en.js'
import mapFrench from '../texts.map.fr.js'
import mapEnglish from '../texts.map.en.js'
import dailyFrench from '../texts.daily.fr.js'
import dailyEnglish from '../texts.daily.en.js'
import helpFrench from '../texts.help.fr.js'
import helpEnglish from '../texts.help.en.js'
import guideFrench from '../texts.guide.fr.js'
import guideEnglish from '../texts.guide.en.js'
import meansFrench from '../texts.means.fr.js'
import meansEnglish from '../texts.means.en.js'
import backgroundFrench from '../texts.background.fr.js'
import backgroundEnglish from '../texts.background.en.js'
import { createNumbers } from '../pure/numbers.js'
import { MODE } from './world.js'

const CATALOGUES = {
  fr: { ...french, ...exerciseFrench, ...peopleFrench, ...quotaFrench, ...requestsFrench, ...estimateFrench, ...keysFrench, ...registerFrench, ...importsFrench, ...oneOffFrench, ...followFrench, ...draftFrench, ...mapFrench, ...dailyFrench, ...helpFrench, ...guideFrench, ...meansFrench, ...backgroundFrench },
  en: { ...english, ...exerciseEnglish, ...peopleEnglish, ...quotaEnglish, ...requestsEnglish, ...estimateEnglish, ...keysEnglish, ...registerEnglish, ...importsEnglish, ...oneOffEnglish, ...followEnglish, ...draftEnglish, ...mapEnglish, ...dailyEnglish, ...helpEnglish, ...guideEnglish, ...meansEnglish, ...backgroundEnglish },
}

/** @returns {'fr'|'en'} */
function chosenLanguage() {
  const asked = new URLSearchParams(location.search).get('lang')
  if (asked === 'fr' || asked === 'en') {
    try { localStorage.setItem('tocsin.language', asked) } catch { /* private window: the address still says it */ }
    return asked
  }
  try { return localStorage.getItem('tocsin.language') === 'en' ? 'en' : 'fr' } catch { return 'fr' }
}

export const language = chosenLanguage()
const locale = language === 'fr' ? 'fr-FR' : 'en-GB'
const plural = new Intl.PluralRules(locale)

/** What the tab says: which console it is comes first. @param {string} text */
export const titled = text => `${MODE === 'exercise' ? `${t('mode.exercise.word')} – ` : ''}${text} – ${t('brand')}`

/** Figures in the page's language. */
export const n = createNumbers(locale)

/** @param {string} key */
export const hasText = key => key in CATALOGUES[language]

/**
 * The text for a key. `{name}` is replaced by a value, numbers grouped; `{count}` also picks singular or plural.
 * @param {string} key
 * @param {Record<string, string|number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const entry = CATALOGUES[language][key]
  if (entry === undefined) { console.error(`Text missing from the catalogue: ${key}`); return key }
  const template = typeof entry === 'string' ? entry : entry[plural.select(Number(values.count ?? 0))] ?? entry.other
  return template.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name]
    return typeof value === 'number' ? n.integer(value) : value ?? ''
  })
}

/** Fills every `data-t` (text), `data-t-label` (aria-label) and `data-t-title` below a node. @param {ParentNode} root */
export function translate(root) {
  document.documentElement.lang = language
  for (const node of root.querySelectorAll('[data-t]')) node.textContent = t(node.dataset.t)
  for (const node of root.querySelectorAll('[data-t-label]')) node.setAttribute('aria-label', t(node.dataset.tLabel))
  for (const node of root.querySelectorAll('[data-t-placeholder]')) node.setAttribute('placeholder', t(node.dataset.tPlaceholder))
}

/** Reloads the page in the other language; the draft and the place are kept. */
export function switchLanguage() {
  const address = new URL(location.href)
  address.searchParams.set('lang', language === 'fr' ? 'en' : 'fr')
  location.assign(address)
}
