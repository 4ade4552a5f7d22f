import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
const root = fileURLToPath(new URL('../../Sources/Console/Public/', import.meta.url))
const files = (folder, end) => readdirSync(folder, { withFileTypes: true }).flatMap(entry => (entry.name === 'vendor' ? []
  : entry.isDirectory() ? files(join(folder, entry.name), end) : entry.name.endsWith(end) ? [join(folder, entry.name)] : []))
// One file a subject and language: `texts.js` puts them together.
const catalogue = async language => Promise.all(files(root, `.${language}.js`).filter(path => path.includes('/js/texts.')).map(async path => (await import(path)).default))
const parts = { french: await catalogue('fr'), english: await catalogue('en') }
const french = Object.assign({}, ...parts.french), english = Object.assign({}, ...parts.english)
const scripts = files(root, '.js').filter(path => !path.includes('/texts.'))
const pages = files(root, '.html')
const values = entry => (typeof entry === 'string' ? { one: entry } : entry)
const holes = text => [...text.matchAll(/\{(\w+)\}/g)].map(match => match[1]).sort()

test('both catalogues have the same keys, the same shape and the same placeholders', () => {
  assert.deepEqual(Object.keys(english).sort(), Object.keys(french).sort())
  for (const all of Object.values(parts)) {
    const keys = all.flatMap(Object.keys)
    assert.deepEqual(keys.filter((key, index) => keys.indexOf(key) !== index), [], 'a key in two files')
  }
  for (const [key, entry] of Object.entries(french)) {
    assert.deepEqual(Object.keys(values(english[key])), Object.keys(values(entry)), key)
    for (const form of Object.keys(values(entry))) assert.deepEqual(holes(values(english[key])[form]), holes(values(entry)[form]), `${key} ${form}`)
  }
})

test('every catalogue that is imported is read', () => {
  const source = readFileSync(join(root, 'js/core/texts.js'), 'utf8')
  const names = [...source.matchAll(/^import (\w+) from '..\/texts\./gm)].map(match => match[1])
  assert.equal(names.length, parts.french.length + parts.english.length)
  for (const name of names) assert.ok(source.includes(`...${name}`), `${name} is imported and left out`)
})

test('every text a script or a page asks for is in the catalogue', () => {
  const asked = new Set()
  for (const path of scripts) for (const match of readFileSync(path, 'utf8').matchAll(/\bt\('([\w.\-]+)'/g)) asked.add(match[1])
  for (const path of pages) for (const match of readFileSync(path, 'utf8').matchAll(/data-t(?:-label|-placeholder)?="([\w.\-]+)"/g)) asked.add(match[1])
  assert.ok(asked.size > 250, `only ${asked.size} keys found`)
  assert.deepEqual([...asked].filter(key => !(key in french)), [])
})

test('texts built from a state, a channel or a tool exist for each of them', () => {
  const families = {
    'capability.': ['prepare', 'launch', 'approve', 'edit_register', 'see_personal_data', 'statistics', 'administer'],
    'grant.': ['role', 'shift', 'rights', 'membership'], 'grant.state.': ['pending', 'active'], 'sessions.': ['desk', 'duty'], 'role.': ['administrator', 'manager', 'operator', 'registrar', 'observer'],
    'channel.': ['sms', 'voice', 'email', 'fax'], 'state.': ['running', 'paused', 'completed', 'stopped'], 'campaign.spoken.': ['running', 'paused', 'completed', 'stopped'],
    'step.': ['zone', 'message', 'channels', 'review', 'launch'], 'hint.': ['move', 'polygon', 'polygon.started', 'circle', 'circle.started', 'hole', 'hole.started', 'communes', 'modify'],
    'guide.': ['commune', 'zone', 'count', 'message', 'channels', 'review', 'launch', 'follow', 'allClear', 'report'].flatMap(step => [`${step}.name`, `${step}.lines`]), 'guide.problem.': ['draft', 'zone', 'message', 'channels', 'review', 'launch', 'campaign'].map(place => `elsewhere.${place}`).concat(['no_commune', 'whole_commune', 'sketch', 'unfinished', 'not_counted', 'nobody', 'typed_certain', 'typed_all', 'typed_other', 'short', 'review_failed', 'paused', 'cut', 'all_clear_on']),
    'tool.': ['snap', 'move', 'polygon', 'circle', 'hole', 'communes', 'import', 'modify', 'undo', 'redo', 'undoDone', 'redoDone'], 'item.': ['department', 'epci', 'list', 'tag', 'filter', 'alert', 'within', 'exclude'], 'item.now.': ['alert', 'within', 'exclude'], 'role.as.': ['alert', 'within', 'exclude'],
    'outcome.': ['not_acknowledged', 'acknowledged', 'reached', 'failed', 'all'],
    'lack.': ['empty_zone', 'zone_error', 'no_server', 'nobody', 'no_subject', 'no_text', 'no_channel', 'wording', 'wording_use', 'wording_language', 'wording_text', 'wording_twice'],
    'template.': ['message', 'correction', 'allClear'], 'kind.': ['alert', 'information', 'alert.why', 'information.why'], 'weight.': ['1', '2', '5', '10'],
    'estimate.': ['messages', 'segments', 'cost', 'seconds_50', 'seconds_90', 'seconds_100'], 'estimate.pace.': ['contract', 'declared', 'history', 'simulated', 'unknown'],
    'test.answer.': ['accepted', 'delivered', 'answered', 'acknowledged', 'in_doubt', 'failed'], 'cause.': ['busy', 'no_answer', 'network', 'refused', 'throttled', 'invalid_address', 'expired', 'unavailable', 'withheld'],
    'followUp.': ['correction', 'allClear', 'subject.correction', 'subject.allClear', 'prepared.correction', 'prepared.allClear'], 'precision.': ['given', 'house_number', 'street', 'locality', 'commune'],
    'group.': ['acknowledged', 'answered', 'passed', 'failed', 'unreachable', 'cancelled', 'pending', 'notLocated'], 'legend.': ['coverage', 'cells', 'names', 'saved'],
    'means.period.': ['month', 'year'], 'means.quotaLeft.': ['month', 'year'], 'means.what.': ['segments', 'sms', 'voice', 'email', 'fax', 'EUR'], 'means.count.': ['segments', 'sms', 'voice', 'email', 'fax'], 'means.unit.': ['segment', 'minute', 'message'],
    'handed.state.': ['pending', 'accepted', 'refused', 'withdrawn', 'expired'], 'scenario.kind.': ['time', 'place', 'text'],
    'scenarios.field.': ['zone', 'kind', 'subject', 'text', 'wordings', 'channels', 'cascade', 'retries', 'validity', 'late_joiners', 'quiet', 'weight', 'blanks'],
    'inbox.part.': ['unread', 'all', 'acknowledged', 'refused'], 'inbox.words.': ['yes', 'stop'],
    'templates.column.': ['name', 'version', 'saved', 'says', 'actions'], 'gateways.state.': ['closed', 'fresh', 'open', 'half_open', 'unknown'], 'gateways.carrier.': ['here', 'elsewhere', 'silent', 'nobody'], 'gateways.explain.': ['closed', 'half_open', 'open', 'pause', 'test'], 'gateways.speed.': ['segments', 'messages'],
    'doubles.reason.': ['name_and_contact', 'name_and_address', 'contact'], 'doubles.value.': ['name', 'kind', 'place', 'language', 'household', 'building'], 'lists.kind.': ['static', 'filter', 'combined'], 'schedules.state.': ['active', 'paused', 'ended'], 'schedules.outcome.': ['launched', 'refused', 'skipped'],
    'schedules.rule.': ['once', 'daily', 'weekdays', 'weekly', 'nth', 'monthly', 'yearly', 'nthOf'], 'schedules.place.': ['first', 'second', 'third', 'fourth', 'last'], 'schedules.column.': ['at', 'outcome', 'what'],
    'schedules.day.': ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'], 'statistics.mode.': ['real', 'exercise'], 'statistics.none.': ['real', 'exercise'], 'statistics.bar.': ['acknowledged', 'reached', 'failed', 'rest'],
    'statistics.column.': ['month', 'organisation', 'campaigns', 'recipients', 'reached', 'acknowledged', 'failed', 'unreachable', 'rest', 'channel', 'legsReached', 'legsFailed', 'messages', 'segments', 'cost'], 'statistics.quota.': ['organisation', 'period', 'what', 'amount', 'spent', 'left', 'percent'],
    'help.': ['zone', 'suivi', 'exercice', 'registre', ...['place', 'items', 'options', 'others', 'count', 'message', 'channels', 'review', 'launch', 'campaigns', 'progress', 'followUp', 'people', 'report'].map(name => `panel.${name}`), 'messages', 'modeles', 'programmations', 'statistiques', 'scenarios', 'approbations', 'doublons', 'listes', 'passerelles', 'organismes', 'administration', 'compte', 'journal', 'memo'].flatMap(name => [`${name}.title`, `${name}.lines`]),
    'journal.column.': ['time', 'actor', 'action', 'subject', 'detail', 'entries', 'last'],
    'exercise.address.': ['real', 'exercise'], 'mode.exercise.': ['word', 'short', 'long'], 'mode.real.': ['word', 'short', 'long'], 'launch.go.': ['exercise', 'real'], 'launch.what.': ['exercise', 'real'],
    'report.leg.': ['total', 'reached', 'acknowledged', 'answered', 'failed', 'cancelled', 'waiting'], 'report.column.': ['recipients', 'acknowledged', 'answered', 'passed', 'failed', 'pending'],
    'approvals.alone.': ['amend', 'join'], 'report.format.': ['csv', 'geojson', 'json', 'text'], 'campaign.did.': ['pause', 'resume', 'stop'], 'ask.resume.': ['exercise', 'real'], 'mapped.why.': ['merged', 'shared', 'recoded'], 'progress.over.': ['completed', 'stopped'], 'message.encoding.': ['GSM-7', 'UCS-2'],
  }
  for (const [prefix, names] of Object.entries(families)) for (const name of names) assert.ok(`${prefix}${name}` in french, `${prefix}${name}`)
})

test('pages hold no inline script, no inline style and no address of another site', () => {
  for (const path of [...pages, ...scripts, ...files(root, '.css')]) {
    const text = readFileSync(path, 'utf8')
    assert.doesNotMatch(text, /https?:\/\/(?!www\.w3\.org\/2000\/svg)/, path)
    if (!path.endsWith('.html')) continue
    assert.doesNotMatch(text, /<script(?![^>]*\bsrc=)[^>]*>/, path)
    assert.doesNotMatch(text, /<style|\sstyle=|\son\w+=/, path)
  }
})

test('French signs stand behind no-break spaces', () => {
  for (const [key, entry] of Object.entries(french)) for (const text of Object.values(values(entry))) assert.doesNotMatch(text, / [:;?!»]|« /, key)
})
