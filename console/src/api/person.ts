// Who is at this desk: their name, their powers, and what they may therefore see and do.
import { computed, ref } from 'vue'
import { ask, permissionsOf } from './ask'
import { remember } from './known'
import { sentenceOf } from './refusals'
import type { Answer, Op } from './shapes'
import { dropAll, keep, owner, present, tokensOf, type Port } from './tokens'

const PATIENCE_MS = 5_000 // for a server that does not answer whoever leaves

export const me = ref<Answer<'get_union_me'> | null>(null)
export const hats = ref<Answer<'get_union_me_hats'>['items']>([])

const held = computed(() => new Set<string>(me.value?.powers.map((power) => power.permission) ?? []))

/** Whether any of an operation's permissions is held; one without any is for whoever is signed in. */
export function may(op: Op): boolean {
  const asked = permissionsOf(op)
  return !asked.length || asked.some((each) => held.value.has(each))
}

/** Where somebody may do an operation: the units at the tops of their reach. */
export function reachOf(op: Op): { id: string; name: string }[] {
  const asked = permissionsOf(op)
  const found = me.value?.powers.filter((power) => asked.includes(power.permission)).flatMap((power) => power.units) ?? []
  return [...new Map(found.map((unit) => [unit.id, unit])).values()]
}

/** Whether this person serves at a station. */
export const serves = computed(() => present.station || hats.value.some((hat) => hat.port === 'station'))

/** Learn who is in. */
export async function meet(): Promise<void> {
  const [person, mine] = await Promise.all([ask('get_union_me', {}), ask('get_union_me_hats', {})])
  me.value = person
  hats.value = mine.items
  if (person.id === owner.value) remember({ name: person.name })
}

/** Have tokens of the station's port, by the hat of whoever is in at the back office. */
export async function goToStation(): Promise<void> {
  if (tokensOf('station') !== null || tokensOf('union') === null) return
  keep('station', await ask('post_union_auth_switch', { body: { port: 'station', device: deviceName() } }))
}

/** End the sessions of both ports; this computer forgets them also where the server does not hear. */
export async function leave(): Promise<void> {
  await Promise.all([end('station', 'post_station_auth_sign_out'), end('union', 'post_union_auth_sign_out')])
  forget()
  dropAll()
}

/** Know nobody any more; who comes next brings their own tokens of the station's port. */
export function forget(): void {
  keep('station', null)
  me.value = null
  hats.value = []
}

async function end(port: Port, op: 'post_station_auth_sign_out' | 'post_union_auth_sign_out'): Promise<void> {
  if (tokensOf(port) === null) return
  await ask(op, {}, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(sentenceOf)
}

/** What the list of sessions calls this browser. */
export function deviceName(): string {
  const system = /Windows|Mac OS X|Linux|Android/.exec(navigator.userAgent)?.[0] ?? ''
  const browser = /Edg|Firefox|Chrome|Safari/.exec(navigator.userAgent)?.[0] ?? ''
  return `工作台 ${browser} ${system}`.trim().slice(0, 60)
}
