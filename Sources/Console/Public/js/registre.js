/** The register: looking for people, one person's card, lists and tags, files in and out. */
import { fail, openDesk } from './core/desk.js'
import { byId } from './core/dom.js'
import { createSearch } from './register/search.js'
import { createCard } from './register/card.js'
import { createImports } from './register/imports.js'

void openDesk('register.title', async session => {
  const may = name => session.capabilities.includes(name)
  const rights = { see: may('see_personal_data'), edit: may('edit_register'), alert: may('edit_register') && may('prepare') }
  byId('register-links').hidden = !(rights.see && rights.edit)
  const card = createCard({ rights, onChanged: () => search.again(), onClosed: id => search.focus(id) })
  const search = createSearch({ rights, onOpen: id => { location.hash = `#fiche-${id}` }, onAdd: () => { location.hash = '#nouvelle-fiche' }, onImport: () => { location.hash = '#import' } })
  const imports = createImports({ rights, onChanged: () => search.again() })

  /** The page says by its address which card is open: by a number, never by a name. */
  async function follow() {
    const number = /^#fiche-(\d+)$/.exec(location.hash)
    const isImport = location.hash === '#import'
    byId('register').hidden = isImport
    byId('imports').hidden = !isImport
    document.body.classList.toggle('has-card', Boolean(number) || location.hash === '#nouvelle-fiche')
    try {
      if (isImport) { card.close(); await imports.open() } else if (number) await card.open(Number(number[1]))
      else if (location.hash === '#nouvelle-fiche' && rights.edit) card.add()
      else card.close()
    } catch (error) { fail(error) }
  }
  addEventListener('hashchange', () => void follow())
  addEventListener('beforeunload', event => { if (card.isDirty()) event.preventDefault() })
  await search.start()
  await follow()
})
