/** Spoken to assistive technology once things have been quiet for a while, so that a drag is not read figure by figure. */
const REST_MS = 700

let timer = 0
/** @param {string} text */
export function announce(text) {
  const region = document.getElementById('announcements')
  if (!region) return
  clearTimeout(timer)
  timer = setTimeout(() => {
    // Emptied first: the same sentence twice is still news.
    region.textContent = ''
    requestAnimationFrame(() => { region.textContent = text })
  }, REST_MS)
}
