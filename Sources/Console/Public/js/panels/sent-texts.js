/** What a campaign says, exactly as each channel sends it, version by version. */
import { post } from '../core/api.js'
import { errorBox } from '../core/errors.js'
import { h, render } from '../core/dom.js'
import { t } from '../core/texts.js'
import { sentMessage, unmarked } from '../pure/wordings.js'
import { textCards } from './review-step.js'

/** The server lays texts out once for each message: pages are drawn anew more often. @type {Map<string, Promise<{texts:any[]}>>} */
const known = new Map()
const MOST_KNOWN = 40

function laidOut(campaign, said) {
  const question = { message: said.message, mode: said.mode, channels: campaign.channels }
  const key = JSON.stringify(question)
  if (!known.has(key)) {
    if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value ?? '')
    const answer = post('/api/message/texts', question)
    known.set(key, answer)
    answer.catch(() => known.delete(key))
  }
  return /** @type {Promise<{texts:any[]}>} */ (known.get(key))
}

function cards(campaign, message) {
  const node = h('div', { class: 'sent-cards' }, h('p', { class: 'muted' }, t('sent.loading')))
  const said = { message: sentMessage(unmarked(message)), mode: campaign.mode, kind: campaign.kind }
  void laidOut(campaign, said).then(texts => render(node, textCards(texts, said)), error => render(node, errorBox(error)))
  return node
}

/** @param {any} campaign */
export const sentCards = campaign => [
  h('h4', {}, t('sent.channels')), cards(campaign, campaign.message),
  (campaign.earlierMessages ?? []).map((message, index) => h('details', { class: 'fold' }, h('summary', {}, t('sent.earlier', { count: index + 1 })), cards(campaign, message))),
]
