/** People ticked on the register's page, on their way to a campaign: in the tab's own place, as an address names nobody. */

const KEY = 'tocsin.gathered'

/** Opens a campaign to them. @param {string} list by which a zone names them */
export function alertGathered(list) {
  sessionStorage.setItem(KEY, list)
  location.assign('/#/')
}

/** The list of those who come, once. @returns {string|null} */
export function takeGathered() {
  const list = sessionStorage.getItem(KEY)
  sessionStorage.removeItem(KEY)
  return list
}
