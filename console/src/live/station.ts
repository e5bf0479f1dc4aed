// The one line of this tab to the station's port: screens listen to it, alarms ring on all of them.
import { effectScope, onScopeDispose, ref, shallowRef, watch, type EffectScope } from 'vue'
import { ask } from '../api/ask'
import { goToStation } from '../api/person'
import type { Row } from '../api/shapes'
import { isAway } from '../api/refusals'
import { present } from '../api/tokens'
import { problemOf } from '../parts/answers'
import { every } from '../parts/ticking'
import { hush, ring } from './alarm'
import { useLine, type Change, type LineState } from './line'
import { sendWaiting, unsent } from './waiting'

export type Alarm = Row<'get_station_first_aid'>
type Hear = (change: Change | null) => void

/** Alerts that are not over, the newest first. */
export const alarms = shallowRef<Alarm[]>([])
export const lineState = ref<LineState>('connecting')
/** A sentence when the alarms could not be fetched. */
export const alarmTrouble = ref('')

const hearers = new Set<Hear>()
const SOON = 5_000 // milliseconds until a line that did not open is opened again
const SEND_AGAIN = 15_000 // milliseconds between two tries to send what waits
let scope: EffectScope | null = null
let opening = 0

/** Open the line, once a tab and person. */
export async function openLine(): Promise<void> {
  clearTimeout(opening)
  if (scope) return
  const mine = (scope = effectScope(true))
  try {
    await goToStation()
  } catch (caught) {
    if (scope !== mine) return
    scope = null
    alarmTrouble.value = problemOf(caught).message
    if (isAway(caught)) opening = window.setTimeout(() => void openLine(), SOON)
    return
  }
  if (scope !== mine) return
  mine.run(() => {
    const line = useLine('station', hear, () => {
      void lookForAlarms()
      hearers.forEach((each) => each(null))
    })
    watch(line.state, (state) => {
      lineState.value = state
      if (state === 'live') void sendWaiting()
    }, { immediate: true })
    watch(unsent, (now, before) => {
      if (now > before && lineState.value === 'live') void sendWaiting()
    })
    every(SEND_AGAIN, () => {
      if (unsent.value && present.station) void sendWaiting()
    })
  })
}

/** Close it: whoever was in is gone, and no alarm of theirs rings or is shown any longer. */
export function closeLine(): void {
  clearTimeout(opening)
  scope?.stop()
  scope = null
  hush()
  alarms.value = []
  alarmTrouble.value = ''
  lineState.value = 'connecting'
}

/** Hear of every change while this screen is shown; null says that all must be fetched anew. */
export function onChange(hearing: Hear): void {
  hearers.add(hearing)
  onScopeDispose(() => hearers.delete(hearing))
}

/** Fetch the alerts that are open, and ring while one of them has nobody. */
export async function lookForAlarms(): Promise<void> {
  const asked = scope
  try {
    const answer = await ask('get_station_first_aid', { query: { state: 'open' } })
    if (asked !== scope) return
    alarms.value = answer.items
    alarmTrouble.value = ''
  } catch (caught) {
    if (asked !== scope) return
    alarmTrouble.value = `急救列表没有更新：${problemOf(caught).message}`
  }
  if (alarms.value.some((each) => each.state === 'called')) ring()
  else hush()
}

function hear(change: Change): void {
  if (change.kind.startsWith('first_aid')) void lookForAlarms()
  hearers.forEach((each) => each(change))
}
