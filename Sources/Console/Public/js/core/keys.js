/** Security keys (WebAuthn): what the server asks a browser for, and what the browser answers, in base64url. */

/** @param {ArrayBuffer} buffer */
const encode = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
/** @param {string} text */
const decode = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0))

/** Whether this browser knows security keys on this page: it must be https, or localhost. */
export const knowsKeys = () => typeof window.PublicKeyCredential === 'function' && window.isSecureContext

/** The person put the browser's question away, or took too long. @param {any} error */
export const wasPutAway = error => error instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(error.name)

const named = keys => keys.map(id => ({ type: /** @type {const} */ ('public-key'), id: decode(id) }))

/**
 * Has a key sign the server's challenge.
 * @param {{challenge:string, domain:string, keys:string[], seconds:number}} request @param {'required'|'preferred'} userVerification
 * @returns {Promise<any>} what the server wants to see
 */
export async function sign(request, userVerification) {
  const credential = /** @type {any} */ (await navigator.credentials.get({ publicKey: {
    challenge: decode(request.challenge), rpId: request.domain, allowCredentials: named(request.keys),
    timeout: request.seconds * 1000, userVerification,
  } }))
  const { clientDataJSON, authenticatorData, signature } = credential.response
  return { challenge: request.challenge, id: encode(credential.rawId), clientData: encode(clientDataJSON), authenticatorData: encode(authenticatorData), signature: encode(signature) }
}

/**
 * Has a key make a credential for this account.
 * @param {{request:{challenge:string, domain:string, keys:string[], seconds:number}, handle:string, user:string, algorithms:number[]}} offer
 * @param {string} house what the browser calls the console
 */
export async function register(offer, house) {
  const { request } = offer
  const credential = /** @type {any} */ (await navigator.credentials.create({ publicKey: {
    challenge: decode(request.challenge), rp: { id: request.domain, name: house },
    user: { id: decode(offer.handle), name: offer.user, displayName: offer.user },
    pubKeyCredParams: offer.algorithms.map(alg => ({ type: /** @type {const} */ ('public-key'), alg })),
    excludeCredentials: named(request.keys), timeout: request.seconds * 1000, attestation: 'none',
    authenticatorSelection: { userVerification: 'required', residentKey: 'discouraged' },
  } }))
  return { challenge: request.challenge, clientData: encode(credential.response.clientDataJSON), attestation: encode(credential.response.attestationObject) }
}
