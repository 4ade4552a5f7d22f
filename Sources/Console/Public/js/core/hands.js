/** What an account may not decide for now: requests of whoever had a hand on its ways in within the week. */
import { h } from './dom.js'
import { n, t } from './texts.js'

/** @param {{hands?: {user:string, until:string}[]}} session @param {string} user who asked @returns {string|null} why not */
export function whyNot(session, user) {
  const hand = session.hands?.find(one => one.user === user)
  return hand ? t('hands.why', { user, time: n.dateTime(new Date(hand.until)) }) : null
}

/** A button that says why it can't be pressed. @param {string} name @param {string} why @param {string} style */
export const closedButton = (name, why, style) => h('div', { class: 'closed-action' },
  h('button', { type: 'button', class: style, disabled: true }, name), h('p', { class: 'small muted' }, why))
