// A classic script, so that the theme is set before the first paint: no white flash in a dark room.
(function () {
  var stored = null
  try { stored = localStorage.getItem('tocsin.theme') } catch (error) { stored = null }
  var night = stored ? stored === 'night' : matchMedia('(prefers-color-scheme: dark)').matches
  document.documentElement.dataset.theme = night ? 'night' : 'day'
})()
