// The live line to the server: shows a token, fetches what was missed, connects again by itself.
import { onScopeDispose, ref, type Ref } from 'vue'
import { ask } from '../api/ask'
import type { Schema } from '../api/shapes'
import { TABLE } from '../api/table'
import { renew, tokensOf, type Port } from '../api/tokens'
import { problemOf } from '../parts/answers'

export type Change = Schema['ChangeView']
export type LineState = 'connecting' | 'live' | 'lost' | 'shut'

type Said =
  | { type: 'welcome'; until: string }
  | { type: 'change'; change: Change; after: string }
  | { type: 'gap' }
  | { type: 'reconnect'; in_seconds: number }

const LIVE = { station: TABLE.get_station_live_changes[1], union: TABLE.get_union_live_changes[1] }
const CHANGES = { station: 'get_station_live_changes', union: 'get_union_live_changes' } as const

/** Codes after which connecting again is of no use; docs/decisions/0008. */
const FOR_GOOD = new Set([4403, 4400, 4429])
const TOKEN_SPENT = new Set([4401, 4410])

const SOONEST = 500 // milliseconds, doubled with every failure
const LATEST = 5_000 // an alarm must not wait longer for a line
const EARLY = 60_000 // milliseconds before it runs out a new token is shown
const REMEMBERED = 500 // ids; what is told twice is known by its id

/** Listen to a port; `hear` is told of every change once, `gap` when all must be fetched anew. */
export function useLine(port: Port, hear: (change: Change) => void, gap: () => void): { state: Ref<LineState> } {
  const state = ref<LineState>('connecting')
  const known: string[] = []
  let socket: WebSocket | null = null
  let after: string | null = null
  let wait = SOONEST
  let timers: number[] = []
  let isLeft = false

  function connect(): void {
    if (isLeft || socket !== null) return
    const token = tokensOf(port)?.access_token
    if (!token) return void again(LATEST)
    const address = LIVE[port].replace(/\/changes$/, '')
    const opened = (socket = new WebSocket(`${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}${address}`))
    opened.onopen = () => opened.send(JSON.stringify({ token }))
    opened.onmessage = (message) => void take(JSON.parse(String(message.data)) as Said)
    opened.onclose = (closing) => void lose(closing.code, token)
  }

  async function take(said: Said): Promise<void> {
    if (said.type === 'welcome') {
      const left = Date.parse(said.until) - Date.now() - EARLY
      timers.push(window.setTimeout(() => void showNewToken(), Math.max(left, EARLY)))
      await catchUp()
    } else if (said.type === 'change') {
      tell(said.change)
      if (state.value === 'live') after = said.after
    } else if (said.type === 'gap') await catchUp()
    else wait = said.in_seconds * 1000
  }

  /** Fetch what happened meanwhile; only then a change's own cursor counts. */
  async function catchUp(): Promise<void> {
    try {
      if (after === null) gap()
      for (let more = true; more; ) {
        const answer: Schema['ChangesView'] = await ask(CHANGES[port], { query: { after } })
        if (after !== null) answer.items.forEach(tell)
        after = answer.after
        more = answer.more
      }
      wait = SOONEST
      state.value = 'live'
    } catch (caught) {
      problemOf(caught)
      after = null
      socket?.close()
    }
  }

  function tell(change: Change): void {
    if (known.includes(change.id)) return
    known.push(change.id)
    if (known.length > REMEMBERED) known.shift()
    hear(change)
  }

  async function showNewToken(): Promise<void> {
    const spent = tokensOf(port)?.access_token
    if (spent && (await renew(port, spent))) socket?.send(JSON.stringify({ token: tokensOf(port)?.access_token }))
  }

  async function lose(code: number, token: string): Promise<void> {
    socket = null
    timers.forEach(clearTimeout)
    timers = []
    if (isLeft) return
    if (FOR_GOOD.has(code)) return void (state.value = 'shut')
    state.value = 'lost'
    if (TOKEN_SPENT.has(code)) await renew(port, token).catch(problemOf)
    again(wait)
    wait = Math.min(wait * 2, LATEST)
  }

  function again(milliseconds: number): void {
    timers.push(window.setTimeout(connect, milliseconds))
  }

  function leave(): void {
    isLeft = true
    timers.forEach(clearTimeout)
    socket?.close()
  }

  addEventListener('online', connect)
  connect()
  onScopeDispose(() => {
    removeEventListener('online', connect)
    leave()
  })
  return { state }
}
