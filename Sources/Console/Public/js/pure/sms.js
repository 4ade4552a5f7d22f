/** Faithful stand-ins for letters outside the SMS alphabet (GSM 03.38), so that a message is not paid twice for a curly apostrophe. */

const STAND_INS = {
  '’': "'", '‘': "'", '“': '"', '”': '"', '«': '"', '»': '"', '–': '-', '—': '-', '…': '...', '\u00a0': ' ', '\u202f': ' ', '•': '-',
  'œ': 'oe', 'Œ': 'OE', 'ê': 'e', 'ë': 'e', 'â': 'a', 'î': 'i', 'ï': 'i', 'ô': 'o', 'û': 'u', 'ç': 'c', 'À': 'A', 'È': 'E', 'Ê': 'E', 'Ë': 'E', 'Â': 'A', 'Î': 'I', 'Ï': 'I', 'Ô': 'O', 'Ù': 'U', 'Û': 'U',
}

/** @param {string[]} offending letters the server names @returns {boolean} whether each has a stand-in */
export const canStandIn = offending => offending.length > 0 && offending.every(letter => letter in STAND_INS)

/** @param {string} text @param {string[]} offending */
export const withStandIns = (text, offending) => [...text].map(letter => (offending.includes(letter) ? STAND_INS[letter] ?? letter : letter)).join('')
