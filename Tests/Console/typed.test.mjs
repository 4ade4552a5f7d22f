import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exactMatches, foldName, parsePasted, spellings } from '../../Sources/Console/Public/js/pure/pasted.js'
import { looksSwapped, parsePosition, parseVertices, printVertices } from '../../Sources/Console/Public/js/pure/positions.js'

test('a position is read latitude first, in the ways people type it', () => {
  for (const text of ['49.894, 2.295', '49.894 2.295', '49,894 ; 2,295', '(49.894, 2.295)', '49.894N 2.295E', '2.295E, 49.894N']) {
    assert.deepEqual(parsePosition(text), { longitude: 2.295, latitude: 49.894 }, text)
  }
  const { longitude, latitude } = parsePosition('49°53\'38"N 2°17\'42"E')
  assert.ok(Math.abs(latitude - 49.893889) < 1e-6 && Math.abs(longitude - 2.295) < 1e-6)
})

test('what is not a position on Earth is not read', () => {
  for (const text of ['Abbeville', '49.9', '649000 6870000', '95, 2', '', '80021']) assert.equal(parsePosition(text), null, text)
})

test('exchanged axes are noticed only where the communes loaded tell', () => {
  const somme = [1.37, 49.57, 3.21, 50.37]
  assert.equal(looksSwapped({ longitude: 49.9, latitude: 2.3 }, somme), true)
  assert.equal(looksSwapped({ longitude: 2.3, latitude: 49.9 }, somme), false)
  assert.equal(looksSwapped({ longitude: 49.9, latitude: 2.3 }, null), false)
})

test('typed corners make a closed ring and name the lines that cannot be read', () => {
  const { ring, badLines } = parseVertices('49.7 2.1\n\n49.75 2.2\nxx\n49.68, 2.25')
  assert.deepEqual(badLines, [4])
  assert.deepEqual(ring, [[2.1, 49.7], [2.2, 49.75], [2.25, 49.68], [2.1, 49.7]])
  assert.equal(printVertices(ring, String), '49.7, 2.1\n49.75, 2.2\n49.68, 2.25')
})

test('a pasted list gives codes and names, each once', () => {
  assert.deepEqual(parsePasted('80021\nAbbeville;"Le Crotoy"\nRue (80688)\n80021\nabbeville\n2a004').map(token => token.code ?? token.text), ['80021', 'Abbeville', 'Le Crotoy', '80688', '2A004'])
  assert.deepEqual(parsePasted('80001;Abbeville;22946').map(token => token.code), ['80001'], 'a spreadsheet row is its code')
})

test('names match without accents, hyphens, articles, and with St for Saint', () => {
  assert.equal(foldName('Saint-Valéry-sur-Somme'), foldName('st valery sur somme'))
  assert.deepEqual(exactMatches('le crotoy', [{ code: '80228', name: 'Crotoy' }]).length, 1)
  assert.deepEqual(exactMatches('Rue', [{ code: '1', name: 'Rue' }, { code: '2', name: 'Rueil' }]).map(commune => commune.code), ['1'])
  assert.ok(spellings('St Valery sur Somme').includes('Saint-Valery-sur-Somme'))
})
