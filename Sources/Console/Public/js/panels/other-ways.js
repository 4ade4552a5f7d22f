/** The zone by other means than drawing: a pasted list, typed corners, what is already saved. */
import { get } from '../core/api.js'
import { loadSaved, savedGeometry } from '../core/saved.js'
import { addItem, store } from '../core/state.js'
import { announce } from '../core/announce.js'
import { errorBox } from '../core/errors.js'
import { h, render } from '../core/dom.js'
import { t } from '../core/texts.js'
import { exactMatches, parsePasted } from '../pure/pasted.js'
import { looksSwapped, parseVertices } from '../pure/positions.js'
import { freeName } from '../pure/zone.js'
import { searchCommunes } from './commune-search.js'
import { adder, pickLine } from './adding.js'

/** @param {{reveal:(ids:string[])=>void}} view */
const reveal = (view, id) => view.reveal([id])

/** @param {any} view */
export function pasteForm(view) {
  const area = h('textarea', { id: 'paste-list', rows: '4', spellcheck: 'false', placeholder: t('paste.placeholder') })
  const year = h('input', { type: 'text', id: 'paste-vintage', class: 'short', inputmode: 'numeric', maxlength: '4', 'aria-describedby': 'paste-vintage-hint' })
  const outcome = h('div', { role: 'status' })
  async function add(event) {
    event.preventDefault()
    const vintage = year.value.trim() === '' ? undefined : Number(year.value)
    if (vintage !== undefined && !(Number.isInteger(vintage) && vintage >= 1943 && vintage <= 2100)) { render(outcome, h('p', { class: 'field-error' }, t('paste.badVintage'))); year.focus(); return }
    const tokens = parsePasted(area.value)
    if (tokens.length === 0) { render(outcome, h('p', { class: 'field-error' }, t('paste.empty'))); return }
    render(outcome, h('p', {}, t('paste.looking', { count: tokens.length })))
    try {
      const { communes, unsure } = await resolve(tokens, vintage)
      const known = new Set(store.get().draft.items.filter(item => item.kind === 'communes' && item.vintage === vintage).flatMap(item => item.codes))
      const fresh = communes.filter(commune => !known.has(commune.code))
      if (fresh.length > 0) {
        const bounds = fresh.reduce((b, { bounds: c }) => [Math.min(b[0], c[0]), Math.min(b[1], c[1]), Math.max(b[2], c[2]), Math.max(b[3], c[3])], [180, 90, -180, -90])
        const name = fresh.length === 1 ? `${fresh[0].name} (${fresh[0].code})` : freeName(store.get().draft.items, k => t('paste.itemName', { count: fresh.length }) + (k > 1 ? ` (${k})` : ''))
        reveal(view, addItem({ kind: 'communes', role: 'alert', name, codes: fresh.map(commune => commune.code), names: Object.fromEntries(fresh.map(commune => [commune.code, commune.name])), bounds, ...(vintage ? { vintage } : {}) }))
      }
      // What was not understood stays in the box, to be corrected there.
      area.value = unsure.join('\n')
      render(outcome, h('p', {}, t('paste.added', { count: fresh.length }), communes.length > fresh.length ? ` ${t('paste.already', { count: communes.length - fresh.length })}` : ''),
        unsure.length > 0 && h('p', { class: 'field-error' }, t('paste.unsure', { count: unsure.length })))
    } catch (error) { render(outcome, errorBox(error)) }
  }
  return h('details', { class: 'fold' }, h('summary', {}, t('paste.title')), h('form', { on: { submit: add } },
    h('div', { class: 'field' }, h('label', { for: 'paste-list' }, t('paste.label')), area),
    h('div', { class: 'field' }, h('label', { for: 'paste-vintage' }, t('paste.vintage')), year, h('p', { class: 'field-hint', id: 'paste-vintage-hint' }, t('paste.vintageHint'))), outcome,
    h('button', { type: 'submit', class: 'button' }, t('paste.add'))))
}

/** @param {import('../pure/pasted.js').Token[]} tokens @param {number} [vintage] the year the codes are of */
async function resolve(tokens, vintage) {
  const codes = tokens.filter(token => token.code).map(token => token.code)
  const communes = []
  const unsure = []
  for (let start = 0; start < codes.length; start += 100) {
    const answer = await get(`/api/communes?codes=${codes.slice(start, start + 100).join(',')}${vintage ? `&vintage=${vintage}` : ''}`)
    communes.push(...answer.communes)
    unsure.push(...(answer.unknown ?? []))
  }
  const names = tokens.filter(token => !token.code)
  // Names are those of today: with a year only codes are sure.
  if (vintage) return { communes, unsure: [...unsure, ...names.map(token => token.text)] }
  for (let start = 0; start < names.length; start += 6) {
    const answers = await Promise.all(names.slice(start, start + 6).map(async token => ({ token, exact: exactMatches(token.text, await searchCommunes(token.text)) })))
    for (const { token, exact } of answers) {
      if (exact.length === 1) communes.push(exact[0])
      else unsure.push(exact.length === 0 ? token.text : `${token.text} ?`)
    }
  }
  return { communes: [...new Map(communes.map(commune => [commune.code, commune])).values()], unsure }
}

/** @param {any} view */
export function verticesForm(view) {
  const area = h('textarea', { id: 'new-vertices', rows: '4', spellcheck: 'false', placeholder: '49.90, 2.20\n49.95, 2.40\n49.85, 2.45', 'aria-describedby': 'new-vertices-hint' })
  const outcome = h('div', { role: 'alert' })
  function add(event) {
    event.preventDefault()
    const problem = verticesProblem(area.value)
    if (problem) { render(outcome, h('p', { class: 'field-error' }, problem)); return }
    render(outcome)
    const { ring } = parseVertices(area.value)
    reveal(view, addItem({ kind: 'polygon', role: 'alert', name: freeName(store.get().draft.items, k => t('zone.polygonName', { count: k })), geometry: { type: 'Polygon', coordinates: [ring] } }))
    announce(t('zone.polygonAdded', { count: ring.length - 1 }))
    area.value = ''
  }
  return h('details', { class: 'fold' }, h('summary', {}, t('vertices.title')), h('form', { on: { submit: add } },
    h('div', { class: 'field' }, h('label', { for: 'new-vertices' }, t('vertices.label')), area, h('p', { class: 'field-hint', id: 'new-vertices-hint' }, t('vertices.hint'))), outcome,
    h('button', { type: 'submit', class: 'button' }, t('vertices.add'))))
}

/** @param {string} text @returns {string|null} what is wrong with typed corners */
export function verticesProblem(text) {
  const { ring, badLines } = parseVertices(text)
  if (badLines.length > 0) return t('vertices.badLines', { count: badLines.length, lines: badLines.slice(0, 6).join(', ') })
  if (ring.length < 4) return t('vertices.tooFew')
  const bounds = store.get().config?.communes.bounds ?? null
  if (ring.every(([longitude, latitude]) => looksSwapped({ longitude, latitude }, bounds))) return t('place.swapped')
  return null
}

/** Saved perimeters, lists and departments, fetched when the fold is opened. @param {any} view */
export function savedForm(view) {
  const body = h('div', {}, h('p', { class: 'muted' }, t('common.loading')))
  const fold = h('details', { class: 'fold' }, h('summary', {}, t('saved.title')), body)
  const { add, chooser, chosen } = adder(view, 'saved')
  const line = (name, note, item) => pickLine(name, note, () => add(item))
  const failure = h('div', {})
  async function addSaved({ id, name }) {
    // As it was asked for: whoever chooses another role meanwhile means the next one.
    const role = chosen()
    try {
      const geometry = await savedGeometry(id)
      render(failure, '')
      add({ kind: 'polygon', role, name, geometry })
    } catch (error) { render(failure, errorBox(error)) }
  }
  async function fill() {
    try {
      const [perimeters, { lists }] = await Promise.all([loadSaved(), get('/api/lists')])
      const department = h('input', { type: 'text', id: 'department', class: 'short', inputmode: 'text', maxlength: '3' })
      const problem = h('p', { class: 'field-error', role: 'alert' })
      const addDepartment = () => {
        const code = department.value.trim().toUpperCase()
        const valid = /^(\d{2}|2[AB]|97\d)$/.test(code)
        render(problem, valid ? '' : t('saved.badDepartment'))
        if (valid) { add({ kind: 'department', code, name: t('saved.departmentName', { code }) }); department.value = '' }
      }
      render(body, chooser, failure,
        h('h4', {}, t('saved.perimeters')), perimeters.length ? h('ul', { class: 'plain' }, perimeters.map(one => pickLine(one.name, '', () => void addSaved(one)))) : h('p', { class: 'muted' }, t('saved.noPerimeter')),
        h('h4', {}, t('saved.lists')), lists.length ? h('ul', { class: 'plain' }, lists.map(one => line(one.name, t('saved.members', { count: one.members }), { kind: 'list', name: one.name }))) : h('p', { class: 'muted' }, t('saved.noList')),
        h('form', { class: 'field', on: { submit: event => { event.preventDefault(); addDepartment() } } }, h('label', { for: 'department' }, t('saved.department')), h('div', { class: 'row' }, department, h('button', { type: 'submit', class: 'button' }, t('saved.addDepartment'))), problem))
    } catch (error) { render(body, errorBox(error)) }
  }
  fold.addEventListener('toggle', () => { if (fold.open) void fill() })
  return fold
}
