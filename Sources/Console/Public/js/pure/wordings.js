/** A message's wordings: which one a person gets, and what is wrong with those still being written. */

/** @typedef {{language?:string, channel?:string, subject?:string, text:string, recording?:string}} Variant */
/** @typedef {{subject:string, text:string, variants?:Variant[]}} Message */

const EXERCISE = 'EXERCICE'
const TAG = /^[a-z0-9]{2,8}(-[a-z0-9]{1,8})*$/

/** @param {Variant} variant @returns {Variant} without what is empty, as the server reads it */
export function trimmed(variant) {
  const language = (variant.language ?? '').trim().toLowerCase()
  const subject = variant.subject ?? ''
  return { ...(language ? { language } : {}), ...(variant.channel ? { channel: variant.channel } : {}), ...(subject.trim() ? { subject } : {}), text: variant.text, ...(variant.recording && variant.channel === 'voice' ? { recording: variant.recording } : {}) }
}

/** @param {Message} message @returns {Message} as it is sent to the server */
export const sentMessage = message => ({
  subject: message.subject, text: message.text, ...((message.variants ?? []).length > 0 ? { variants: message.variants.map(trimmed) } : {}),
})

/** @param {Message} message @returns {(null|'wording_use'|'wording_language'|'wording_text'|'wording_twice')[]} for each wording */
export function faults(message) {
  const seen = new Set()
  return (message.variants ?? []).map(trimmed).map(({ language, channel, text }) => {
    if (!language && !channel) return 'wording_use'
    if (language && !TAG.test(language)) return 'wording_language'
    if (text.trim() === '') return 'wording_text'
    const use = `${language ?? ''}/${channel ?? ''}`
    if (seen.has(use)) return 'wording_twice'
    seen.add(use)
    return null
  })
}

/**
 * Which wording leaves by a channel for a language: the server's own rule, the longer language first, then the channel.
 * @param {Message} message @param {string} channel @param {string|null} language
 * @returns {number} its place among the variants; -1 for the message itself
 */
export function wordingOf(message, channel, language) {
  const spoken = (language ?? '').toLowerCase()
  let best = -1
  let nearest = -1
  for (const [index, variant] of (message.variants ?? []).map(trimmed).entries()) {
    if (variant.channel && variant.channel !== channel) continue
    if (variant.language && spoken !== variant.language && !spoken.startsWith(`${variant.language}-`)) continue
    const nearness = (variant.language?.length ?? 0) * 2 + (variant.channel ? 1 : 0)
    if (nearness > nearest) { best = index; nearest = nearness }
  }
  return best
}

/** The message with another text in one of its wordings. @param {Message} message @param {number} index -1 for its own @param {string} text @returns {Message} */
export const withText = (message, index, text) => (index < 0 ? { ...message, text }
  : { ...message, variants: (message.variants ?? []).map((variant, place) => (place === index ? { ...variant, text } : variant)) })

const isEverybodysVoice = variant => variant.channel === 'voice' && !(variant.language ?? '').trim()

/** The hash of what telephones play to everybody without a wording of their language; '' where they speak. @param {Message} message */
export const recordingOf = message => (message.variants ?? []).find(isEverybodysVoice)?.recording ?? ''

/**
 * The message with a recording, or without one. A wording that was there for the recording alone goes with it.
 * @param {Message} message @param {string} recording its hash, or '' @returns {Message}
 */
export function withRecording(message, recording) {
  const variants = message.variants ?? []
  const own = variants.find(isEverybodysVoice)
  const others = variants.filter(variant => variant !== own)
  if (!recording) {
    if (!own?.recording) return message
    const { recording: _, ...spoken } = own
    return { ...message, variants: spoken.text === message.text ? others : variants.map(variant => (variant === own ? spoken : variant)) }
  }
  return { ...message, variants: own ? variants.map(variant => (variant === own ? { ...own, recording } : variant)) : [...others, { language: '', channel: 'voice', subject: '', text: message.text, recording }] }
}

const bare = text => (text?.startsWith(`${EXERCISE} - `) ? text.slice(EXERCISE.length + 3) : text)

/** A message as it was written, before an exercise marked it: the server marks it again. @param {Message} message @returns {Message} */
export const unmarked = message => ({
  subject: bare(message.subject), text: bare(message.text),
  variants: (message.variants ?? []).map(variant => ({ ...variant, ...(variant.subject ? { subject: bare(variant.subject) } : {}), text: bare(variant.text) })),
})
