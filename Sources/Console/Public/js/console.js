/** The console: opens the session, puts the parts together, starts. */
import { get } from './core/api.js'
import { startCounting } from './core/counting.js'
import { loadDefaultList, newDraft } from './core/default-list.js'
import { byId, loadIcons, render } from './core/dom.js'
import { openPrepared } from './core/prepared.js'
import { errorBox } from './core/errors.js'
import { keepDraft, restoreDraft } from './core/keep.js'
import { startRouter } from './core/router.js'
import { openSession } from './core/session.js'
import { redo, shownItems, store, undo } from './core/state.js'
import { t, translate } from './core/texts.js'
import { addBackground, wantsBackground } from './map/background.js'
import { addCells } from './map/cells.js'
import { addCommunes } from './map/communes.js'
import { mountFiles } from './map/files.js'
import { addLabels } from './map/labels.js'
import { mountLegend } from './map/legend.js'
import { createMap, revealExtent, showExtent, showPosition } from './map/map.js'
import { mountToolbar } from './map/toolbar.js'
import { createTools } from './map/tools.js'
import { addOutlines } from './map/outlines.js'
import { addStateCells } from './map/state-cells.js'
import { addSavedLayer } from './map/saved-layer.js'
import { addZoneLayer } from './map/zone-layer.js'
import { mountAudience } from './panels/audience.js'
import { mountCampaignList } from './panels/campaign-list.js'
import { mountCampaignPage } from './panels/campaign-page.js'
import { mountCampaignProgress } from './panels/campaign-progress.js'
import { watchApprovals } from './panels/approvals-strip.js'
import { mountDraftBar } from './panels/draft-bar.js'
import { mountGuide } from './panels/guide.js'
import { mountHeader } from './panels/header.js'
import { mountLeft } from './panels/left.js'
import { mountPeopleList } from './panels/people-list.js'
import { mountReport } from './panels/report.js'
import { mountSteps } from './panels/steps.js'
import { MODE } from './core/world.js'
import { exposeForTests } from './core/test-hook.js'

translate(document)
void loadIcons()

async function start() {
  const session = await openSession()
  if (session.mustChangePassword) return
  const [config] = await Promise.all([get('/api/config'), loadDefaultList()])
  store.set({ config })
  if (!restoreDraft(session.user)) store.set({ draft: newDraft() })
  await openPrepared()
  startRouter()
  const map = startMap()
  mountPanels(map)
  keepDraft(session)
  startCounting()
  if (MODE === 'real') watchApprovals(session)
  mountGuide(session)
  document.body.dataset.ready = 'true'
}

function startMap() {
  // The names on the map are drawn with the page's own font, so it must be there before the first label.
  void Promise.all([document.fonts.load('14px B612'), document.fonts.load('bold 14px B612')]).then(() => map.render())
  const map = createMap(byId('map'), store.get().config.communes.bounds)
  const { config, layers } = store.get()
  store.set({ layers: { ...layers, background: Boolean(config.background) && wantsBackground() } })
  addBackground(map, config.background)
  const communes = addCommunes(map)
  addLabels(map, communes, addCells(map))
  addStateCells(map)
  addSavedLayer(map)
  const zoneLayer = addZoneLayer(map)
  const outlines = addOutlines(map)
  const own = t('map.attribution', { vintage: String(config.communes.vintage ?? '–') })
  store.watch(state => state.layers.background, shown => {
    byId('attribution').textContent = shown ? t('map.attributionWith', { own, credit: config.background.credit }) : own
    // Whose map it is stays in sight however narrow the page.
    byId('attribution').classList.toggle('is-due', shown)
  })
  return { map, communes, zoneLayer, outlines }
}

function mountPanels({ map, communes, zoneLayer, outlines }) {
  const view = {
    showItems: ids => showExtent(map, zoneLayer.extentOf(shownItems().filter(item => ids.includes(item.id)))),
    /** Brings what was just added into sight: nothing moves if it is, else the whole zone is framed. */
    reveal: ids => revealExtent(map, zoneLayer.extentOf(shownItems().filter(item => ids.includes(item.id))), zoneLayer.extentOf(shownItems().filter(item => item.role === 'alert'))),
    showZone: () => showExtent(map, zoneLayer.extentOf(shownItems().filter(item => item.role === 'alert'))),
    showPosition: position => showPosition(map, position),
    pickFile: () => files.pickFile(),
  }
  mountHeader()
  mountLeft()
  mountDraftBar()
  const files = mountFiles(view)
  let toolbar = { hint: () => {} }
  const tools = createTools(map, { communes, zoneLayer, onHint: text => toolbar.hint(text) })
  tools.use('move')
  toolbar = mountToolbar(tools, files)
  mountLegend(view)
  mountSteps(view)
  mountAudience(view)
  mountCampaignList()
  mountCampaignPage()
  mountCampaignProgress()
  mountReport()
  mountPeopleList()
  store.watch(state => state.followed?.items, items => { if (items?.length) view.showZone() }, { now: false })
  new ResizeObserver(() => map.updateSize()).observe(byId('map'))
  document.addEventListener('keydown', event => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.matches('input, textarea, select') || store.get().step !== 'zone') return
    const key = event.key.toLowerCase()
    if (key !== 'z' && key !== 'y') return
    event.preventDefault()
    if (key === 'y' || event.shiftKey) redo()
    else undo()
  })
  exposeForTests(map, zoneLayer, outlines, tools.edges)
}

start().catch(error => {
  if (error?.status === 401) return
  console.error(error)
  render(byId('failure'), errorBox(error))
  byId('failure').hidden = false
})
