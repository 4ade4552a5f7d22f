/** The one door to the server: JSON, CSRF token, errors with a stable code, session and connection watched. */

export class ApiError extends Error {
  /** @param {{status:number, code:string, message:string, detail?:any, requestId?:string}} failure */
  constructor({ status, code, message, detail, requestId }) {
    super(message)
    this.status = status
    this.code = code
    this.detail = detail ?? {}
    this.requestId = requestId ?? null
  }
}

let token = ''
const hooks = { sessionLost: () => {}, passwordNeeded: () => {}, proofNeeded: async () => false, reached: () => {}, unreachable: () => {} }

/** @param {Partial<typeof hooks>} listeners */
export const onApi = listeners => { Object.assign(hooks, listeners) }
/** @param {string} csrf */
export const useToken = csrf => { token = csrf }

async function failureOf(response) {
  let error = null
  try { error = (await response.json()).error } catch { /* a proxy's page, or nothing: the status speaks */ }
  return new ApiError({
    status: response.status, code: error?.code ?? `http_${response.status}`,
    message: error?.message ?? '', detail: error?.detail, requestId: error?.requestId,
  })
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{json?:any, body?:BodyInit, type?:string, signal?:AbortSignal, quiet?:boolean, retried?:boolean, file?:boolean, headers?:Record<string, string>}} [options]
 *   quiet: a 401 is the caller's business (sign-in); file: the answer is a Blob to keep
 * @returns {Promise<any>} the decoded answer, null for 204
 * @throws {ApiError} code `network` when the server cannot be reached
 */
export async function call(method, path, options = {}) {
  const headers = { Accept: options.file ? '*/*' : 'application/json', ...options.headers }
  if (options.json !== undefined) headers['Content-Type'] = 'application/json'
  if (options.type) headers['Content-Type'] = options.type
  if (method !== 'GET') headers['X-Tocsin-CSRF'] = token
  let response
  try {
    response = await fetch(path, {
      method, headers, signal: options.signal, credentials: 'same-origin', cache: 'no-store',
      body: options.json === undefined ? options.body : JSON.stringify(options.json),
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    hooks.unreachable()
    throw new ApiError({ status: 0, code: 'network', message: '' })
  }
  hooks.reached()
  if (response.ok) return response.status === 204 ? null : options.file ? response.blob() : response.json()
  const failure = await failureOf(response)
  if (failure.status === 403 && failure.code.includes('csrf') && !options.retried) {
    useToken((await call('GET', '/api/session')).csrf)
    return call(method, path, { ...options, retried: true })
  }
  // A duty session: once whoever sits there has proved who they are, the request is made again.
  if (failure.code === 'proof_required' && !options.retried && await hooks.proofNeeded()) return call(method, path, { ...options, retried: true })
  if (failure.status === 401 && !options.quiet) hooks.sessionLost()
  if (failure.code === 'password_change_required') hooks.passwordNeeded()
  throw failure
}

/** @param {string} path @param {AbortSignal} [signal] */
export const get = (path, signal) => call('GET', path, { signal })
/** @param {string} path @param {any} json @param {AbortSignal} [signal] */
export const post = (path, json, signal) => call('POST', path, { json, signal })
/** @param {string} path @param {any} json @returns {Promise<Blob>} */
export const postForFile = (path, json) => call('POST', path, { json, file: true })
