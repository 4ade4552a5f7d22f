/** Perimeters from a file, by button or by drop. The server reads it and says what is wrong, where. */
import { call, ApiError } from '../core/api.js'
import { addItem, store } from '../core/state.js'
import { announce } from '../core/announce.js'
import { errorBox, explain, noticeBox } from '../core/errors.js'
import { byId, h, icon, render } from '../core/dom.js'
import { n, t } from '../core/texts.js'
import { isTable } from '../panels/one-off.js'
import { freeName } from '../pure/zone.js'

const LIMIT_BYTES = 32 * 1024 * 1024

/** @param {{reveal:(ids:string[])=>void, showPosition:(position:[number,number])=>void, takePeople?:(file:File)=>void}} view */
export function mountFiles(view) {
  const input = h('input', { type: 'file', accept: '.geojson,.json,.kml,.kmz,.gpx,.wkt,.zip,.gpkg,.topojson,.fgb,application/geo+json,application/json', multiple: true, hidden: true, id: 'file-input' })
  document.body.append(input)
  const notices = byId('file-notices')
  const close = () => h('button', { type: 'button', class: 'button-close', 'aria-label': t('common.close'), on: { click: event => { event.currentTarget.closest('.file-notice').remove(); if (!notices.children.length) store.set({ fault: null }) } } }, icon('close'))
  const say = box => {
    const notice = h('div', { class: 'file-notice' }, box, close())
    notices.append(notice)
    return notice
  }

  async function read(file) {
    if (file.size > LIMIT_BYTES) throw new ApiError({ status: 413, code: 'file_too_large', message: t('error.file_too_large') })
    const answer = await call('POST', '/api/perimeters/read', { body: file, type: 'application/octet-stream' })
    const items = store.get().draft.items
    const base = answer.name || file.name.replace(/\.[a-z]+$/i, '')
    const name = items.some(item => item.name === base) ? freeName(items, k => `${base} (${k + 1})`) : base
    const id = addItem({ kind: 'polygon', role: 'alert', name, geometry: answer.geometry })
    const text = t('file.read', { name, area: n.area(answer.areaSquareMetres), count: answer.vertices })
    const done = say(noticeBox(text, 'success', ...(answer.warnings ?? []).map(warning => h('p', {}, warning.message))))
    announce(text)
    // Good news leaves the map by itself, unless it carries a warning; the item stays in the list.
    if ((answer.warnings ?? []).length === 0) setTimeout(() => done.remove(), 10_000)
    return id
  }

  /** @param {File[]} files */
  async function readAll(files) {
    render(notices)
    const ids = []
    for (const file of files) {
      const waiting = h('div', { class: 'file-notice' }, noticeBox(t('file.reading', { name: file.name }), 'info'))
      notices.append(waiting)
      try { ids.push(await read(file)) } catch (error) {
        const position = error.detail?.position
        if (position) { store.set({ fault: { position, text: explain(error).what } }); view.showPosition(position) }
        const show = position && h('button', { type: 'button', class: 'button button-small', on: { click: () => view.showPosition(position) } }, t('file.showFault'))
        const box = errorBox(error, { actions: show ? [show] : [] })
        box.querySelector('.notice-body').prepend(h('p', { class: 'small' }, t('file.refused', { name: file.name })))
        say(box)
      }
      waiting.remove()
    }
    if (ids.length > 0) view.reveal(ids)
    input.value = ''
  }

  input.addEventListener('change', () => { void readAll([...input.files]) })
  const zone = byId('map-area')
  const wanted = event => event.dataTransfer?.types.includes('Files') && store.get().route.name === 'draft'
  for (const type of ['dragenter', 'dragover']) zone.addEventListener(type, event => { if (wanted(event)) { event.preventDefault(); zone.classList.add('dropping') } })
  zone.addEventListener('dragleave', event => { if (!zone.contains(/** @type {Node} */ (event.relatedTarget))) zone.classList.remove('dropping') })
  zone.addEventListener('drop', event => {
    zone.classList.remove('dropping')
    if (!wanted(event)) return
    event.preventDefault()
    store.set({ step: 'zone' })
    const files = [...event.dataTransfer.files]
    if (!takeTables(files)) void readAll(files)
  })
  /** @param {File[]} files @returns {boolean} whether they were tables of people, which are never read as perimeters */
  function takeTables(files) {
    const tables = files.filter(isTable)
    if (tables.length === 0 || !view.takePeople) return false
    if (files.length > 1) say(noticeBox(t('oneOff.single'), 'error'))
    else view.takePeople(tables[0])
    return true
  }
  // A file dropped beside the map must not replace the page, and the draft with it; one of people goes into the zone from there.
  for (const type of ['dragover', 'drop']) document.addEventListener(type, event => event.preventDefault())
  document.addEventListener('drop', event => { if (wanted(event) && !zone.contains(/** @type {Node} */ (event.target))) takeTables([...event.dataTransfer.files]) })
  return { pickFile: () => input.click(), readAll }
}
