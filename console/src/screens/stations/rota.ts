// A station's rota as its form holds it, and back; and in words, to set two versions side by side.
import type { Answer, BodyOf } from '../../api/shapes'
import { POSTS } from '../../words/unions'
import { WEEKDAYS } from '../../words/stations'
import { DAYS, weekOf, type Day } from './week'

export type Rota = Answer<'get_union_stations_station_id_rota'>
export type Member = Rota['members'][number]

export interface Turn {
  staff: string
  weekly: Record<Day, string[]>
}

export interface SpecialTurns {
  day: string | null
  reason: string
  shifts: { staff: string; intervals: string[] }[]
}

export interface RotaForm {
  responders: Turn[]
  onCall: string[]
  special: SpecialTurns[]
}

export function formOfRota(rota: Rota): RotaForm {
  return {
    responders: rota.responders.map((each) => ({ staff: each.staff_id, weekly: weekOf(each.weekly) })),
    onCall: [...rota.on_call],
    special: rota.special.map(({ day, reason, shifts }) => ({ day, reason, shifts: shifts.map((each) => ({ staff: each.staff_id, intervals: [...each.intervals] })) })),
  }
}

export function rotaOf(form: RotaForm, rev: number): BodyOf<'put_union_stations_station_id_rota'> {
  return {
    rev,
    responders: form.responders.map((each) => ({ staff_id: each.staff, weekly: each.weekly })),
    on_call: form.onCall,
    special: form.special.map(({ day, reason, shifts }) => ({ day: day ?? '', reason: reason.trim(), shifts: shifts.map((each) => ({ staff_id: each.staff, intervals: each.intervals })) })),
  }
}

/** Names as a list shows them; who is no longer here is said, and who shares a name has their number shown. */
export function namesOf(rota: Rota): (id: string) => string {
  const known = new Map(rota.members.map((each) => [each.staff_id, each]))
  const shared = (name: string): boolean => rota.members.filter((each) => each.name === name).length > 1
  return (id) => {
    const who = known.get(id)
    if (!who?.name) return id
    const gone = !who.serves_here && !who.roles.includes('on_call') ? '（已不在本站）' : ''
    return `${who.name}${shared(who.name) ? ` ${id.slice(-6)}` : ''}${gone}`
  }
}

export const postsOf = (who: Member): string => who.roles.map((role) => POSTS[role]).join('、')

/** A rota in lines: what, when. */
export function rotaLines(form: RotaForm, nameOf: (id: string) => string): [string, string][] {
  const week = (turn: Turn): string => DAYS.filter((day) => turn.weekly[day].length).map((day) => `${WEEKDAYS[day]} ${turn.weekly[day].join('、')}`).join('；') || '没有时段'
  const day = (special: SpecialTurns): string => `${special.reason}：${special.shifts.map((each) => `${nameOf(each.staff)} ${each.intervals.join('、')}`).join('；') || '不排'}`
  return [
    ...form.responders.map((turn): [string, string] => [nameOf(turn.staff), week(turn)]),
    ['呼叫先后', form.responders.map((turn) => nameOf(turn.staff)).join('、') || '没有'],
    ['后备呼叫', form.onCall.map(nameOf).join('、') || '没有'],
    ...form.special.map((special): [string, string] => [special.day ?? '', day(special)]),
  ]
}
