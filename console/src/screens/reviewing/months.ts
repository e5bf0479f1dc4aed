// Months as weeks of days, Monday first.
import { shifted } from '../../parts/times'

/** The month some months before or after, 2026-11. */
export function monthFrom(month: string, months: number): string {
  const at = new Date(`${month}-15T12:00:00Z`)
  at.setUTCMonth(at.getUTCMonth() + months)
  return at.toISOString().slice(0, 7)
}

export function firstOf(month: string): string {
  return `${month}-01`
}

export function lastOf(month: string): string {
  return shifted(firstOf(monthFrom(month, 1)), -1)
}

/** Weeks of a month; null where a day is another month's. */
export function weeksOf(month: string): (string | null)[][] {
  const before = (new Date(`${firstOf(month)}T12:00:00Z`).getUTCDay() + 6) % 7
  const count = Number(lastOf(month).slice(-2))
  const days = [...Array<null>(before).fill(null), ...Array.from({ length: count }, (_, place) => `${month}-${String(place + 1).padStart(2, '0')}`)]
  const weeks: (string | null)[][] = []
  for (let start = 0; start < days.length; start += 7) {
    const week = days.slice(start, start + 7)
    weeks.push([...week, ...Array<null>(7 - week.length).fill(null)])
  }
  return weeks
}
