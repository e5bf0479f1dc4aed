// What a desk wrote down while the server could not be reached: kept on this computer, sent when it can be again.
import { computed, ref } from 'vue'
import { ask } from '../api/ask'
import { known } from '../api/known'
import { isAway, Refused } from '../api/refusals'
import type { BodyOf } from '../api/shapes'
import { alone, owner } from '../api/tokens'
import { problemOf } from '../parts/answers'

type ImportRow = BodyOf<'post_station_visits_import'>['rows'][number]
type Visit = Omit<ImportRow, 'event_id' | 'at'>
export interface Waiting {
  /** Names the event: it counts once, however often it is sent. */
  id: string
  stationId: string
  /** Who wrote it down: it goes out under no other name. */
  by: { id: string; name: string }
  at: string
  what: { code: string } | { visit: Visit }
  /** Why the server did not take it; empty while it waits. */
  refused: string
}

const KEY = 'inn.waiting'
const MOST = 500 // rows the server takes at once
const DAY_MS = 86_400_000 // numbers of people lie here no longer
const PATIENCE_MS = 15_000 // for one call; the next try comes by itself
const SHOWN = 4 // characters of a number that stay once it is refused

const kept = (): Waiting[] => JSON.parse(localStorage.getItem(KEY) ?? '[]') as Waiting[]
const all = ref(kept())
addEventListener('storage', () => (all.value = kept()))

/** How many were too old and are gone, since the page was opened. */
export const outdated = ref(0)

/** Whether whoever is in wrote it down. */
export const isMine = (event: Waiting): boolean => owner.value !== '' && event.by?.id === owner.value

/** What waits at a station, the oldest first. */
export const waitingAt = (stationId: () => string) => computed(() => all.value.filter((each) => each.stationId === stationId()))

/** How many of whoever is in are still to be sent. */
export const unsent = computed(() => all.value.filter((each) => isMine(each) && !each.refused).length)

export function keepForLater(event: Omit<Waiting, 'by' | 'at' | 'refused'>): void {
  const by = { id: owner.value, name: known.value?.name ?? '' }
  write([...kept(), { ...event, by, at: new Date().toISOString(), refused: '' }])
}

export function drop(id: string): void {
  write(kept().filter((each) => each.id !== id))
}

/** Drop what whoever is in has not sent. */
export function dropUnsent(): void {
  write(kept().filter((each) => !isMine(each) || each.refused))
}

function dropOld(): void {
  const events = kept()
  const young = events.filter((each) => Date.now() - Date.parse(each.at) < DAY_MS)
  if (young.length === events.length) return
  outdated.value += events.length - young.length
  write(young)
}

function write(events: Waiting[]): void {
  if (events.length) localStorage.setItem(KEY, JSON.stringify(events))
  else localStorage.removeItem(KEY)
  all.value = events
}

let underway: Promise<number> | null = null

/** Send what waits, one tab at a time; returns how many the server took. Where there is still no line it all stays. */
export function sendWaiting(): Promise<number> {
  underway ??= alone(KEY, sendAll).finally(() => (underway = null))
  return underway
}

async function sendAll(): Promise<number> {
  let taken = 0
  dropOld()
  try {
    for (const event of kept().filter(isToSend)) if ('code' in event.what) taken += await sendScan(event, event.what.code)
    for (const stationId of new Set(kept().filter(isToSend).map((each) => each.stationId))) taken += await sendRows(stationId, rowsAt(stationId))
  } catch (caught) {
    problemOf(caught)
  }
  return taken
}

const isToSend = (event: Waiting): boolean => isMine(event) && !event.refused

/** One call. What goes later stays, what is refused for good is handed on; thrown is what stops every other call as well. */
async function tried(call: () => Promise<number>, onRefusal: (why: Refused) => Promise<number>): Promise<number> {
  try {
    return await call()
  } catch (caught) {
    const problem = problemOf(caught)
    if (!(problem instanceof Refused) || [401, 429, 502, 503, 504].includes(problem.status)) throw problem
    return isAway(problem) || problem.status >= 500 ? 0 : onRefusal(problem)
  }
}

function sendScan(event: Waiting, code: string): Promise<number> {
  return tried(async () => {
    await ask('post_station_check_ins', { body: { code, station_id: event.stationId } }, { key: event.id, signal: AbortSignal.timeout(PATIENCE_MS) })
    drop(event.id)
    return 1
  }, async (why) => {
    refuse(event.id, why.message)
    return 0
  })
}

function rowsAt(stationId: string): ImportRow[] {
  return kept().flatMap((each) => (each.stationId === stationId && isToSend(each) && 'visit' in each.what ? [{ event_id: each.id, at: each.at, ...each.what.visit }] : [])).slice(0, MOST)
}

/** Send rows together; where one of them makes the list unreadable they go one by one. */
async function sendRows(stationId: string, rows: ImportRow[]): Promise<number> {
  if (!rows.length) return 0
  return tried(() => bringIn(stationId, rows), async (why) => {
    let taken = 0
    if (why.status === 422 && rows.length > 1) for (const row of rows) taken += await sendRows(stationId, [row])
    else for (const row of rows) refuse(row.event_id, why.message)
    return taken
  })
}

async function bringIn(stationId: string, rows: ImportRow[]): Promise<number> {
  const { items } = await ask('post_station_visits_import', { body: { station_id: stationId, rows } }, { signal: AbortSignal.timeout(PATIENCE_MS) })
  let taken = 0
  for (const each of items) {
    if (each.outcome !== 'refused') {
      drop(each.event_id)
      taken += 1
    } else if (each.code !== 'not_yet') refuse(each.event_id, each.message ?? '没有登记成功，请核对后重新登记。')
    // this computer's clock is ahead: the row waits until the server's has come as far
  }
  return taken
}

function refuse(id: string, why: string): void {
  write(kept().map((each) => (each.id === id ? { ...each, what: shortened(each.what), refused: why } : each)))
}

function shortened(what: Waiting['what']): Waiting['what'] {
  return 'visit' in what && what.visit.number ? { visit: { ...what.visit, number: what.visit.number.slice(-SHOWN) } } : what
}

dropOld()
