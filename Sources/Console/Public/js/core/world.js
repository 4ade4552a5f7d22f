/** Which of the two consoles this is. The server wrote it on the page; nothing a page does changes it. */
const page = document.documentElement.dataset

/** @type {'exercise'|'real'} */
export const MODE = page.mode === 'exercise' ? 'exercise' : 'real'

/** The other console's address, or null where there is none. The server gives its port, or a whole address. */
export const otherConsole = () => {
  const other = page.other ?? ''
  if (other === '') return null
  return /^\d+$/.test(other) ? `${location.protocol}//${location.hostname}:${other}/` : other
}
