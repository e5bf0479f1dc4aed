// Moments and days as people here read them: Shanghai's, to the minute.
const ZONE = 'Asia/Shanghai'

const minute = new Intl.DateTimeFormat('zh-CN', {
  timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
})
const clock = new Intl.DateTimeFormat('zh-CN', { timeZone: ZONE, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const date = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE })

/** 2026-11-26 09:05 */
export function moment(at: string | null | undefined): string {
  return at ? minute.format(new Date(at)).replaceAll('/', '-') : '—'
}

/** 09:05 */
export function hour(at: string | null | undefined): string {
  return at ? clock.format(new Date(at)) : '—'
}

/** Shanghai's day of a moment, 2026-11-26. */
export function dayOf(at: Date | string): string {
  return date.format(typeof at === 'string' ? new Date(at) : at)
}

/** The last day before a moment at which something is over. */
export function lastDay(end: string): string {
  return dayOf(new Date(Date.parse(end) - 1))
}

export function today(): string {
  return dayOf(new Date())
}

/** What stands in a form, 2026-12-07 09:00, as a moment of Shanghai's. */
export function instant(text: string): string {
  return `${text.replace(' ', 'T')}:00+08:00`
}

/** Some days before or after a day. */
export function shifted(day: string, days: number): string {
  const at = new Date(`${day}T12:00:00+08:00`)
  at.setUTCDate(at.getUTCDate() + days)
  return dayOf(at)
}

/** 20261126090501, for the names of files. */
export function stamp(now: Date = new Date()): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'medium' }).format(now).replace(/\D/g, '')
}

/** 3分05秒 since a moment. */
export function since(at: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(at)) / 1000))
  return seconds < 3600 ? `${Math.floor(seconds / 60)}分${String(seconds % 60).padStart(2, '0')}秒` : `${Math.floor(seconds / 3600)}小时${Math.floor((seconds % 3600) / 60)}分`
}

/** A time of day as people type it, 8:30, 8：30 or 830, as 08:30; midnight at the end is 00:00; null when it is none. */
export function timeOf(typed: string): string | null {
  const [, hour, minute] = /^(\d{1,2})[:：]?([0-5]\d)$/.exec(typed.trim()) ?? []
  if (hour === undefined || Number(`${hour}${minute}`) > 2400) return null
  return `${String(Number(hour) % 24).padStart(2, '0')}:${minute}`
}
