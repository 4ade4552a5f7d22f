/** A foreign server's map under everything else, where one is configured: a comfort, which nothing waits for. */
import { store } from '../core/state.js'
import { announce } from '../core/announce.js'
import { t } from '../core/texts.js'

const KEY = 'tocsin.background'
/** So many tiles refused one after the other, or so long without any: the server does not answer. */
const REFUSED = 3
const PATIENCE_MS = 8_000

/** Whether whoever looks wants it: shown unless they switched it off. */
export function wantsBackground() {
  try { return localStorage.getItem(KEY) !== 'off' } catch { return true }
}
/** @param {boolean} wanted */
export function rememberBackground(wanted) {
  try { localStorage.setItem(KEY, wanted ? 'on' : 'off') } catch { /* private window */ }
}

/**
 * The state says how it fares: `waiting`, `shown` once a tile came, `silent` while its server does not answer. Communes are
 * see-through only over what is shown.
 * @param {any} map @param {{url:string, credit:string}|undefined} background
 */
export function addBackground(map, background) {
  if (!background) return
  // `anonymous`: no cookie goes there, and the picture may be drawn under a page that is isolated from other sites.
  const source = new ol.source.XYZ({ url: background.url, crossOrigin: 'anonymous', maxZoom: 18, transition: 0 })
  // A canvas of its own: the night's filter is the style sheet's.
  const layer = new ol.layer.Tile({ source, zIndex: -1, className: 'background-map', visible: false })
  map.addLayer(layer)

  let refused = 0, waiting = 0, timer = 0, isSaid = false
  const fares = status => { if (store.get().background !== status) store.set({ background: status }) }
  function silent() {
    fares('silent')
    // Once: it is a comfort that went, not an alarm.
    if (!isSaid) announce(t('background.silent'))
    isSaid = true
  }
  function settled() {
    waiting = Math.max(0, waiting - 1)
    clearTimeout(timer)
    if (waiting > 0) timer = setTimeout(silent, PATIENCE_MS)
  }
  source.on('tileloadstart', () => {
    if (waiting++ === 0) timer = setTimeout(silent, PATIENCE_MS)
  })
  source.on('tileloadend', () => { refused = 0; settled(); fares('shown') })
  source.on('tileloaderror', () => { settled(); if (++refused >= REFUSED) silent() })

  store.watch(state => state.layers.background, shown => {
    layer.setVisible(shown)
    refused = 0
    if (!shown) { waiting = 0; clearTimeout(timer); fares('waiting') }
    // Tiles that were refused are asked for again by who switches it on again.
    else source.refresh()
  })
}
