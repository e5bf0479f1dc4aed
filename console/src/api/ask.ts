// The one way to the server: asks an operation by its name, renews, signs in again, and repeats safely.
import { refusalOf, LeftAlone, Unreachable } from './refusals'
import type { Answer, Given, Op } from './shapes'
import { TABLE } from './table'
import { present, renew, tokensOf, type Port } from './tokens'

const SPENT = new Set(['token_expired', 'token_invalid', 'not_signed_in', 'session_revoked'])
const TRIES = 2 // what carries a key may be sent again after a broken connection

interface More {
  key?: string
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

type Loose = { path?: Record<string, string>; query?: Record<string, unknown>; body?: unknown }

let signInAgain: (port: Port) => Promise<boolean> = async () => false

/** Say who asks the person to sign in over what is on the screen. */
export function whenSignedOut(asking: (port: Port) => Promise<boolean>): void {
  signInAgain = asking
}

/** Ask an operation. Throws Refused, Unreachable or LeftAlone, whose message can be shown. */
export async function ask<O extends Op>(op: O, given: Given<O>, more: More = {}): Promise<Answer<O>> {
  const answer = await answered(op, given as Loose, more)
  if (answer.status === 204) return undefined as Answer<O>
  const isJson = answer.headers.get('Content-Type')?.startsWith('application/json')
  try {
    return (isJson ? await answer.json() : await answer.blob()) as Answer<O>
  } catch (problem) {
    throw isBroken(problem) ? new Unreachable() : problem
  }
}

/** Whether the line broke, or time ran out, while an answer was read. */
const isBroken = (problem: unknown): boolean => problem instanceof TypeError || (problem instanceof DOMException && problem.name !== 'AbortError')

/** Whether the server would let this person begin an operation. */
export function permissionsOf(op: Op): readonly string[] {
  return TABLE[op][2].split(' ').filter(Boolean)
}

async function answered(op: Op, given: Loose, more: More): Promise<Response> {
  const port: Port = TABLE[op][1].startsWith('/station/') ? 'station' : 'union'
  const isOpen = TABLE[op][3].includes('o')
  const key = TABLE[op][3].includes('k') ? (more.key ?? crypto.randomUUID()) : undefined
  for (;;) {
    const token = isOpen ? undefined : tokensOf(port)?.access_token
    if (isOpen || token) {
      const answer = await sent(op, given, { ...more, key }, token)
      if (answer.ok) return answer
      const refused = await refusalOf(answer)
      if (isOpen || refused.status !== 401 || !SPENT.has(refused.code)) throw refused
      if (refused.code !== 'session_revoked' && (await renew(port, token ?? ''))) continue
      present[port] = false
    }
    if (!(await signInAgain(port))) throw new LeftAlone()
  }
}

async function sent(op: Op, given: Loose, more: More, token?: string): Promise<Response> {
  const headers: Record<string, string> = {}
  if (token) headers.Authorization = `Bearer ${token}`
  if (more.key) headers['Idempotency-Key'] = more.key
  const isFile = given.body instanceof Blob
  if (isFile) headers['Content-Type'] = (given.body as Blob).type
  else if (given.body !== undefined) headers['Content-Type'] = 'application/json'
  const body = isFile ? (given.body as Blob) : given.body === undefined ? undefined : JSON.stringify(given.body)
  const [method, pattern] = TABLE[op]
  const repeatable = method === 'GET' || more.key !== undefined
  for (let left = repeatable ? TRIES : 1; ; left--) {
    try {
      const url = addressOf(pattern, given)
      if (isFile && more.onProgress) return await uploaded(url, method, headers, body as Blob, more.onProgress)
      return await fetch(url, { method, headers, body, signal: more.signal ?? null })
    } catch (problem) {
      if (problem instanceof DOMException && problem.name === 'AbortError') throw problem
      if (left <= 1) throw new Unreachable()
    }
  }
}

/** The address of an operation with its ids and filters; lists are separated by commas. */
export function addressOf(pattern: string, given: Loose): string {
  const path = pattern.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(given.path?.[name] ?? ''))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(given.query ?? {})) {
    if (value === undefined || value === null || value === '' || (Array.isArray(value) && !value.length)) continue
    query.set(name, Array.isArray(value) ? value.join(',') : String(value))
  }
  const asked = query.toString()
  return asked ? `${path}?${asked}` : path
}

/** `fetch` tells nothing of an upload's progress; XMLHttpRequest does. */
function uploaded(url: string, method: string, headers: Record<string, string>, body: Blob, tell: (share: number) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.responseType = 'blob'
    request.upload.onprogress = (event) => event.lengthComputable && tell(event.loaded / event.total)
    request.onerror = () => reject(new TypeError('network'))
    request.onload = () => {
      const told = new Headers({ 'Content-Type': request.getResponseHeader('Content-Type') ?? '' })
      resolve(new Response(request.status === 204 ? null : (request.response as Blob), { status: request.status, headers: told }))
    }
    request.send(body)
  })
}

