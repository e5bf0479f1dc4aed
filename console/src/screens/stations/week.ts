// A station's ordinary hours as its form holds them, and back; and in words.
import type { Schema } from '../../api/shapes'
import { WEEKDAYS } from '../../words/stations'

export type Day = keyof typeof WEEKDAYS
export const DAYS = Object.keys(WEEKDAYS) as Day[]

export interface WeekForm {
  opened: Record<Day, string[]>
  attended: Record<Day, string[]>
  holiday: string[]
  holidayAttended: string[]
  /** null works a made-up day like the weekday it stands for. */
  makeUp: string[] | null
}

export const weekOf = (given: Schema['Week'] | undefined): Record<Day, string[]> =>
  Object.fromEntries(DAYS.map((day) => [day, [...(given?.[day] ?? [])]])) as Record<Day, string[]>

/** The form of hours that are kept; of none for a new station, open on weekdays. */
export function formOf(hours: Schema['Weekly'] | null): WeekForm {
  if (hours === null) {
    const usual = weekOf(Object.fromEntries(DAYS.slice(0, 5).map((day) => [day, ['08:00-20:00']])))
    return { opened: usual, attended: structuredClone(usual), holiday: [], holidayAttended: [], makeUp: null }
  }
  return {
    opened: weekOf(hours.weekly),
    attended: weekOf(hours.attended),
    holiday: [...(hours.holiday ?? [])],
    holidayAttended: [...(hours.attended?.holiday ?? [])],
    makeUp: Array.isArray(hours.make_up) ? [...hours.make_up] : null,
  }
}

/** What the server is told. */
export function hoursOf(form: WeekForm): Schema['Weekly'] {
  return { weekly: form.opened, holiday: form.holiday, make_up: form.makeUp ?? 'weekday', attended: { ...form.attended, holiday: form.holidayAttended } }
}

const told = (intervals: string[], none = '不开放'): string => intervals.join('、') || none

/** Hours in lines: what, when. */
export function linesOf(hours: Schema['Weekly']): [string, string][] {
  const form = formOf(hours)
  const both = (opened: string[], attended: string[]): string => (opened.length ? `${told(opened)}（有人值守：${told(attended, '无')}）` : '不开放')
  return [
    ...DAYS.map((day): [string, string] => [WEEKDAYS[day], both(form.opened[day], form.attended[day])]),
    ['法定节假日', both(form.holiday, form.holidayAttended)],
    ['调休上班日', form.makeUp === null ? '照所补的工作日' : told(form.makeUp)],
  ]
}
