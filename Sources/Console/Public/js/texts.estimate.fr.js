/** What a campaign may cost and take beyond its first messages, in French. */
export default {
  'estimate.outlook': 'Avec les nouveaux essais et les tours suivants',
  'estimate.cost_with_retries': 'Coût avec les nouveaux essais',
  'estimate.cost_at_most': 'Coût au plus, si personne ne confirme',
  'estimate.seconds_at_most': 'Dernier envoi au plus tard',
  'estimate.outlookNote': 'Au plus : si personne ne confirme et que chaque nouvel essai est nécessaire. Un écart positif veut dire qu’il en a fallu moins.',
}
