/** The address after `#` names what is on screen, so that it can be kept, sent and reloaded. */
import { store } from './state.js'

/** @param {string} hash @returns {{name:'draft'|'campaigns'|'campaign', id:string|null}} */
export function routeOf(hash) {
  const match = /^#\/campagnes(?:\/([\w-]+))?$/.exec(hash)
  if (!match) return { name: 'draft', id: null }
  return match[1] ? { name: 'campaign', id: match[1] } : { name: 'campaigns', id: null }
}

export function startRouter() {
  const follow = () => store.set({ route: routeOf(location.hash), fault: null })
  addEventListener('hashchange', () => { follow(); document.getElementById('left-title')?.focus() })
  follow()
}
