/** A call's words, to be heard before they leave: spoken by the server's own voice, the one that calls. */
import { postForFile } from '../core/api.js'
import { errorBox } from '../core/errors.js'
import { h, icon, render } from '../core/dom.js'
import { t } from '../core/texts.js'

/** One sound at a time on a page: what was heard before is silenced and let go. @type {{audio:HTMLAudioElement, address:string}|null} */
let playing = null
function letGo() {
  if (!playing) return
  playing.audio.pause()
  playing.audio.removeAttribute('src')
  URL.revokeObjectURL(playing.address)
  playing = null
}

/**
 * @param {{message:any, mode:string, kind:string}} said the message as it is sent to the server
 * @param {string|null} language the wording's; null for everybody's
 */
export function listening(said, language) {
  const place = h('div', { class: 'listening', role: 'status' })
  const button = h('button', { type: 'button', class: 'button button-small', data: { key: `listen-${language ?? 'all'}` }, on: { click: () => { void listen() } } }, icon('voice'), t('listen.button'))
  async function listen() {
    button.disabled = true
    render(place, h('p', { class: 'muted small' }, t('listen.loading')))
    try {
      const sound = await postForFile('/api/message/speech', { ...said, ...(language ? { language } : {}) })
      letGo()
      const address = URL.createObjectURL(sound)
      const audio = /** @type {HTMLAudioElement} */ (h('audio', { controls: true, 'aria-label': t('listen.player') }))
      audio.src = address
      playing = { audio, address }
      render(place, audio)
      // A browser that asks for one more gesture finds it in the player.
      await audio.play().catch(() => {})
    } catch (error) { render(place, errorBox(error)) } finally { button.disabled = false }
  }
  return h('div', { class: 'listening-row' }, button, place)
}
