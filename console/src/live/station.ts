// The one line of this tab to the station's port: screens listen to it, alarms ring on all of them.
import { effectScope, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { ask } from '../api/ask'
import { goToStation } from '../api/person'
import type { Row } from '../api/shapes'
import { problemOf } from '../parts/answers'
import { hush, ring } from './alarm'
import { useLine, type Change, type LineState } from './line'
import { sendWaiting } from './waiting'

export type Alarm = Row<'get_station_first_aid'>
type Hear = (change: Change | null) => void

/** Alerts that are not over, the newest first. */
export const alarms = shallowRef<Alarm[]>([])
export const lineState = ref<LineState>('connecting')
/** A sentence when the alarms could not be fetched. */
export const alarmTrouble = ref('')

const hearers = new Set<Hear>()
const scope = effectScope(true)
let isOpen = false

/** Open the line, once a tab. */
export async function openLine(): Promise<void> {
  if (isOpen) return
  isOpen = true
  try {
    await goToStation()
  } catch (caught) {
    isOpen = false
    alarmTrouble.value = problemOf(caught).message
    return
  }
  scope.run(() => {
    const line = useLine('station', hear, () => {
      void lookForAlarms()
      hearers.forEach((each) => each(null))
    })
    watch(line.state, (state) => {
      lineState.value = state
      if (state === 'live') void sendWaiting()
    }, { immediate: true })
  })
}

/** Hear of every change while this screen is shown; null says that all must be fetched anew. */
export function onChange(hearing: Hear): void {
  hearers.add(hearing)
  onScopeDispose(() => hearers.delete(hearing))
}

/** Fetch the alerts that are open, and ring while one of them has nobody. */
export async function lookForAlarms(): Promise<void> {
  try {
    const answer = await ask('get_station_first_aid', { query: { state: 'open' } })
    alarms.value = answer.items
    alarmTrouble.value = ''
  } catch (caught) {
    alarmTrouble.value = `急救列表没有更新：${problemOf(caught).message}`
  }
  if (alarms.value.some((each) => each.state === 'called')) ring()
  else hush()
}

function hear(change: Change): void {
  if (change.kind.startsWith('first_aid')) void lookForAlarms()
  hearers.forEach((each) => each(change))
}
