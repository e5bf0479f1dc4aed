// The tokens of both ports, shared by all tabs of this browser; renewed by one tab at a time.
import { reactive } from 'vue'
import { refusalOf, Unreachable } from './refusals'
import type { Schema } from './shapes'
import { TABLE } from './table'

export type Port = 'union' | 'station'
type Tokens = Schema['TokensView']

const KEY = 'inn.tokens.'
const RENEWALS = { union: TABLE.post_union_auth_refresh[1], station: TABLE.post_station_auth_refresh[1] }

/** Who is in, port by port; only whether, the tokens stay in the storage. */
export const present = reactive<Record<Port, boolean>>({ union: false, station: false })

export function tokensOf(port: Port): Tokens | null {
  const kept = localStorage.getItem(KEY + port)
  return kept === null ? null : (JSON.parse(kept) as Tokens)
}

export function keep(port: Port, tokens: Tokens | null): void {
  if (tokens === null) localStorage.removeItem(KEY + port)
  else localStorage.setItem(KEY + port, JSON.stringify(tokens))
  present[port] = tokens !== null
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
}

look()
addEventListener('storage', look)

