// A session as it is written: moments without a zone are Shanghai's, as on every screen.
import type { BodyOf, Schema } from '../../api/shapes'
import { hour, instant, moment, shifted, today } from '../../parts/times'

export type Session = Schema['ManagedSessionView']
export type Fields = BodyOf<'post_union_trainings_programme_id_sessions'>
export type Place = Schema['MapPlace']

/** A lesson, and other moments, as they stand in the form: 2026-12-07 09:00. */
export interface Lesson {
  starts: string
  ends: string
}

export interface Plan {
  lessons: Lesson[]
  place: Place
  opens: string
  closes: string
  cancelUntil: string
  offerHours: number
  offerMinutes: number
  seats: number
  groups: { name: string; classes: Schema['ClientClass'][]; seats: number }[]
}

export function lessonsOf(meetings: readonly { starts_at: string; ends_at: string }[]): Lesson[] {
  return meetings.map((each) => ({ starts: moment(each.starts_at), ends: moment(each.ends_at) }))
}

export function meetingsOf(lessons: Lesson[]): { starts_at: string; ends_at: string }[] {
  return lessons.map((each) => ({ starts_at: instant(each.starts), ends_at: instant(each.ends) }))
}

/** The same lesson a week after the last one. */
export function oneMore(lessons: Lesson[]): Lesson {
  const last = lessons.at(-1)
  if (!last?.starts || !last.ends) return { starts: '', ends: '' }
  const later = (text: string): string => `${shifted(text.slice(0, 10), 7)} ${text.slice(11)}`
  return { starts: later(last.starts), ends: later(last.ends) }
}

/** A plan to begin with: in two weeks, signing up till three days before. */
export function blankPlan(place: Place): Plan {
  const day = shifted(today(), 14)
  return {
    lessons: [{ starts: `${day} 09:00`, ends: `${day} 12:00` }], place: { ...place }, opens: `${today()} 00:00`, closes: `${shifted(day, -3)} 18:00`,
    cancelUntil: `${shifted(day, -1)} 18:00`, offerHours: 12, offerMinutes: 120, seats: 30, groups: [],
  }
}

export function planOf(session: Session): Plan {
  return {
    lessons: lessonsOf(session.meetings), place: { ...session.place }, opens: moment(session.sign_up_opens), closes: moment(session.sign_up_closes),
    cancelUntil: moment(session.cancel_until), offerHours: session.latest_offer_hours, offerMinutes: session.offer_minutes, seats: session.seats,
    groups: session.groups.map(({ name, classes, seats }) => ({ name, classes: [...classes], seats })),
  }
}

export function fieldsOf(plan: Plan): Fields {
  return {
    meetings: meetingsOf(plan.lessons), place: plan.place, sign_up_opens: instant(plan.opens), sign_up_closes: instant(plan.closes), cancel_until: instant(plan.cancelUntil),
    latest_offer_hours: plan.offerHours, offer_minutes: plan.offerMinutes, seats: plan.seats, groups: plan.groups,
  }
}

/** How many seats are held, by who is in and by whom one is offered to. */
export const taken = (session: Session): number => session.seats - session.left

/** 2026-12-07 09:00–12:00 */
export function spanOf(meeting: { starts_at: string; ends_at: string }): string {
  return `${moment(meeting.starts_at)}–${hour(meeting.ends_at)}`
}
