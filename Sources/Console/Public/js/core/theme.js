/** Day and night. The first choice is the system's (theme-boot.js); the button's is remembered. */
const root = document.documentElement

/** @returns {'day'|'night'} */
export const theme = () => (root.dataset.theme === 'night' ? 'night' : 'day')

const listeners = new Set()
/** @param {() => void} listener */
export const onTheme = listener => { listeners.add(listener) }

/** @param {'day'|'night'} value @param {boolean} remember */
function apply(value, remember) {
  root.dataset.theme = value
  if (remember) try { localStorage.setItem('tocsin.theme', value) } catch { /* private window */ }
  for (const listener of listeners) listener()
}

export const toggleTheme = () => apply(theme() === 'night' ? 'day' : 'night', true)

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', event => {
  let stored = null
  try { stored = localStorage.getItem('tocsin.theme') } catch { /* private window */ }
  if (!stored) apply(event.matches ? 'night' : 'day', false)
})
