// What is said of a station, as its form holds it; empty fields are none.
import type { BodyOf } from '../../api/shapes'
import { DROP_INS, FACILITIES, SERVICES, STATION_KINDS } from '../../words/stations'
import type { Station } from './keeping'

export type About = Omit<BodyOf<'put_union_stations_station_id'>, 'rev' | 'facilities' | 'aed_place' | 'nearest_aed'> & {
  facilities: (keyof typeof FACILITIES)[]
  aed_place: string
  nearest_aed: string
}

export interface Offer {
  services: Station['services']
  drop_ins: { kind: keyof typeof DROP_INS; seats: number }[]
}

export function aboutOf(station: Station | null): About {
  return {
    name: station?.name ?? '',
    kind: station?.kind ?? 'union',
    address: station?.address ?? '',
    gcj02: { lng: station?.gcj02.lng ?? 113.55, lat: station?.gcj02.lat ?? 34.82 },
    phone: station?.phone ?? '',
    facilities: [...(station?.facilities ?? [])],
    aed_place: station?.aed_place ?? '',
    nearest_aed: station?.nearest_aed ?? '',
  }
}

/** What the server is told. */
export function told(form: About) {
  return { ...form, name: form.name.trim(), address: form.address.trim(), phone: form.phone.trim(), aed_place: form.aed_place.trim() || null, nearest_aed: form.nearest_aed.trim() || null }
}

export function offerOf(station: Station | null): Offer {
  return {
    services: station?.services.map((each) => ({ ...each })) ?? [],
    drop_ins: station?.drop_ins.map((each) => ({ kind: each.kind, seats: each.seats ?? 0 })) ?? [],
  }
}

/** Which ports are out of order is said elsewhere. */
export function offered(form: Offer) {
  return { services: form.services.map(({ paused: _, ...each }) => each), drop_ins: form.drop_ins.map((each) => (each.kind === 'rest' ? each : { kind: each.kind })) }
}

/** The lines of a station for comparing two versions. */
export function aboutLines(form: About): [string, string][] {
  return [
    ['名称', form.name], ['类型', STATION_KINDS[form.kind]], ['地址', form.address], ['位置', `${form.gcj02.lng}, ${form.gcj02.lat}`], ['电话', form.phone],
    ['设施', form.facilities.map((each) => FACILITIES[each]).join('、')], ['AED位置', form.aed_place], ['最近的AED', form.nearest_aed],
  ]
}

export function offerLines(form: Offer): [string, string][] {
  const services = form.services.map((each): [string, string] => [SERVICES[each.kind], `${each.ports}个位置，每次${each.slot_minutes}分钟，间隔${each.turnover_minutes ?? 0}分钟，提前${each.window_days ?? 0}天，至少${each.min_use_minutes ?? 0}分钟`])
  return [...services, ...form.drop_ins.map((each): [string, string] => [DROP_INS[each.kind], each.kind === 'rest' ? `${each.seats}个座位` : '有'])]
}
