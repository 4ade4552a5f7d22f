/** The background map, in English. */
export default {
  'legend.background': 'Background map',
  'background.silent': 'The background map does not answer: the map remains usable without it.',
  'map.attributionWith': '{own} · {credit}',
}
