/** Which people of a campaign a list asks for, as an address. */

/** What only somebody in the campaign has. */
const OF_A_CAMPAIGN = ['channel', 'cause', 'commune']

/**
 * The filter for another group: what the group cannot be chosen by is dropped.
 * @param {Record<string, string>} filter @param {string} group @returns {Record<string, string>}
 */
export function withGroup(filter, group) {
  const kept = Object.entries(filter).filter(([name]) => group !== 'not_located' || !OF_A_CAMPAIGN.includes(name))
  return { ...Object.fromEntries(kept), cause: '', group }
}

/** @param {string} id @param {string} path @param {Record<string, string>} filter @param {Record<string, string|number>} [more] */
export function listAddress(id, path, filter, more = {}) {
  const words = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...filter, ...more })) if (value !== '' && value !== null && value !== undefined) words.set(name, String(value))
  return `/api/campaigns/${encodeURIComponent(id)}/${path}?${words}`
}
