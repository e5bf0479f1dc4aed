// The tokens of both ports, shared by all tabs of this browser; renewed by one tab at a time.
import { reactive, ref } from 'vue'
import { refusalOf, Unreachable } from './refusals'
import type { Schema } from './shapes'
import { TABLE } from './table'

export type Port = 'union' | 'station'
type Tokens = Schema['TokensView']

const KEY = 'inn.tokens.'
/** Changes when somebody leaves: the other tabs of this browser hear of it. */
export const LEFT = 'inn.left'
const RENEWALS = { union: TABLE.post_union_auth_refresh[1], station: TABLE.post_station_auth_refresh[1] }

/** Who is in, port by port; only whether, the tokens stay in the storage. */
export const present = reactive<Record<Port, boolean>>({ union: false, station: false })

/** Whose tokens these are, by themselves: the staff member's id, empty when nobody is in. */
export const owner = ref('')

export function tokensOf(port: Port): Tokens | null {
  const kept = localStorage.getItem(KEY + port)
  return kept === null ? null : (JSON.parse(kept) as Tokens)
}

export function keep(port: Port, tokens: Tokens | null): void {
  if (tokens === null) localStorage.removeItem(KEY + port)
  else localStorage.setItem(KEY + port, JSON.stringify(tokens))
  present[port] = tokens !== null
  owner.value = ownerOf(tokensOf('union') ?? tokensOf('station'))
  if (tokensOf('station') !== null && ownerOf(tokensOf('station')) !== owner.value) keep('station', null) // nobody serves by another's
}

/** Have nobody in, in all tabs of this browser. */
export function dropAll(): void {
  keep('station', null)
  keep('union', null)
  localStorage.setItem(LEFT, String(Date.now()))
}

/** The staff member an access token names: what lies on this computer is told apart by it, no server need be asked. */
function ownerOf(tokens: Tokens | null): string {
  const claims = tokens?.access_token.split('.')[1]
  if (claims === undefined) return ''
  return (JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))) as { sub: string }).sub
}

/** Change the refresh token for new tokens; false when only signing in helps. */
export function renew(port: Port, spent: string): Promise<boolean> {
  return alone(`inn.renewal.${port}`, async () => {
    const kept = tokensOf(port)
    if (kept === null) return false
    if (kept.access_token !== spent) return true // another tab was here first
    const answer = await fetch(RENEWALS[port], {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ refresh_token: kept.refresh_token }),
    }).catch(() => {
      throw new Unreachable()
    })
    if (answer.ok) {
      keep(port, (await answer.json()) as Tokens)
      return true
    }
    const refused = await refusalOf(answer)
    if (refused.status >= 500 || refused.status === 429) throw refused
    keep(port, null)
    return false
  })
}

/** The refresh token is good once: tabs take turns. Without https there are no locks, and tabs may ask anew. */
export async function alone<T>(name: string, deed: () => Promise<T>): Promise<T> {
  return navigator.locks ? await navigator.locks.request(name, deed) : await deed()
}

function look(): void {
  for (const port of ['union', 'station'] as const) present[port] = tokensOf(port) !== null
  owner.value = ownerOf(tokensOf('union') ?? tokensOf('station'))
}

look()
addEventListener('storage', look)

