/** The background map, in French. */
export default {
  'legend.background': 'Fond de carte',
  'background.silent': 'Le fond de carte ne répond pas : la carte reste utilisable sans lui.',
  'map.attributionWith': '{own} · {credit}',
}
