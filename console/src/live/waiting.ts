// What a desk wrote down while the server could not be reached: kept on this computer, sent when it can be again.
import { computed, ref } from 'vue'
import { ask } from '../api/ask'
import { Refused } from '../api/refusals'
import type { BodyOf } from '../api/shapes'
import { alone } from '../api/tokens'
import { problemOf } from '../parts/answers'

type Visit = Omit<BodyOf<'post_station_visits_import'>['rows'][number], 'event_id' | 'at'>
export interface Waiting {
  /** Names the event: it counts once, however often it is sent. */
  id: string
  stationId: string
  at: string
  what: { code: string } | { visit: Visit }
  /** Why the server did not take it; empty while it waits. */
  refused: string
}

const KEY = 'inn.waiting'
const MOST = 500 // rows the server takes at once

const kept = (): Waiting[] => JSON.parse(localStorage.getItem(KEY) ?? '[]') as Waiting[]
const all = ref(kept())
addEventListener('storage', () => (all.value = kept()))

/** What waits at a station, the oldest first. */
export const waitingAt = (stationId: () => string) => computed(() => all.value.filter((each) => each.stationId === stationId()))

export function keepForLater(event: Omit<Waiting, 'at' | 'refused'>): void {
  write([...kept(), { ...event, at: new Date().toISOString(), refused: '' }])
}

export function drop(id: string): void {
  write(kept().filter((each) => each.id !== id))
}

function write(events: Waiting[]): void {
  if (events.length) localStorage.setItem(KEY, JSON.stringify(events))
  else localStorage.removeItem(KEY)
  all.value = events
}

/** Send what waits, one tab at a time; returns how many the server took. Where there is still no line it all stays. */
export function sendWaiting(): Promise<number> {
  return alone(KEY, async () => {
    let taken = 0
    try {
      for (const event of kept()) if ('code' in event.what && !event.refused) taken += await sendScan(event, event.what.code)
      for (const stationId of new Set(kept().map((each) => each.stationId))) taken += await sendVisits(stationId)
    } catch (caught) {
      problemOf(caught)
    }
    return taken
  })
}

async function sendScan(event: Waiting, code: string): Promise<number> {
  try {
    await ask('post_station_check_ins', { body: { code, station_id: event.stationId } }, { key: event.id })
  } catch (caught) {
    if (!(caught instanceof Refused) || caught.status >= 500 || caught.status === 429) throw caught
    refuse(event.id, caught.message)
    return 0
  }
  drop(event.id)
  return 1
}

async function sendVisits(stationId: string): Promise<number> {
  const rows = kept().flatMap(({ id, at, what, refused, ...each }) => (each.stationId === stationId && 'visit' in what && !refused ? [{ event_id: id, at, ...what.visit }] : [])).slice(0, MOST)
  if (!rows.length) return 0
  const { items } = await ask('post_station_visits_import', { body: { station_id: stationId, rows } })
  for (const each of items) {
    if (each.outcome === 'refused') refuse(each.event_id, each.message ?? '没有登记成功，请核对后重新登记。')
    else drop(each.event_id)
  }
  return items.filter((each) => each.outcome !== 'refused').length
}

function refuse(id: string, why: string): void {
  write(kept().map((each) => (each.id === id ? { ...each, refused: why } : each)))
}
