/** The left-hand panel: which of its three faces is up, and the document's headings. */
import { store } from '../core/state.js'
import { byId } from '../core/dom.js'
import { t } from '../core/texts.js'
import { follow } from '../core/follow.js'

export function mountLeft() {
  store.watch(state => [state.route, state.step], ([route, step]) => {
    byId('left-title').textContent = route.name === 'draft' ? t('left.draft') : route.name === 'campaigns' ? t('left.campaigns') : t('left.campaign')
    byId('draft').hidden = route.name !== 'draft'
    byId('steps').hidden = route.name !== 'draft'
    byId('left-foot').hidden = route.name !== 'draft'
    byId('campaigns').hidden = route.name !== 'campaigns'
    byId('campaign').hidden = route.name !== 'campaign'
    byId('audience').hidden = route.name === 'campaign'
    byId('progress').hidden = route.name !== 'campaign'
    byId('tab-draft').toggleAttribute('aria-current', route.name === 'draft')
    byId('tab-campaigns').toggleAttribute('aria-current', route.name !== 'draft')
    for (const [id, here] of [['tab-draft', route.name === 'draft'], ['tab-campaigns', route.name === 'campaigns']]) if (here) byId(id).setAttribute('aria-current', 'page')
    document.body.dataset.route = route.name
    document.body.dataset.wide = String(route.name === 'campaign' || (route.name === 'draft' && step !== 'zone'))
  })
  store.watch(state => state.route, route => { void follow(route.name === 'campaign' ? route.id : null) })
}
