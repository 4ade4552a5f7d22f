/** What a campaign may cost and take beyond its first messages, in English. */
export default {
  'estimate.outlook': 'With retries and later turns',
  'estimate.cost_with_retries': 'Cost with retries',
  'estimate.cost_at_most': 'Cost at most, if nobody confirms',
  'estimate.seconds_at_most': 'Last message at the latest',
  'estimate.outlookNote': 'At most: if nobody confirms and every retry is needed. A positive error means that less was needed.',
}
