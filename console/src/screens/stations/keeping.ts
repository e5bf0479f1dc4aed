// The deeds of keeping a station at both ports: clerks do at their own what the union does at any.
import type { Op, Schema } from '../../api/shapes'

export type Station = Schema['KeptStationView']
export type Foreseen = Schema['handlers.station.keeping_shapes.PreviewView']
export type Fate = Schema['DisruptionView']

export const UNION_KEEPING = {
  station: 'get_union_stations_station_id',
  foreseeClosure: 'post_union_stations_station_id_closure_previews',
  close: 'post_union_stations_station_id_closures',
  endClosure: 'delete_union_stations_station_id_closures_closure_id',
  reopen: 'post_union_stations_station_id_reopening',
  foreseeDay: 'post_union_stations_station_id_special_day_previews',
  setDay: 'put_union_stations_station_id_special_days',
  clearDay: 'delete_union_stations_station_id_special_days',
  pause: 'post_union_stations_station_id_port_pauses',
  resume: 'delete_union_stations_station_id_port_pauses',
  batches: 'get_union_stations_station_id_kit',
  movements: 'get_union_stations_station_id_kit_movements',
  notices: 'get_union_stations_station_id_kit_notices',
  recount: 'get_union_stations_station_id_kit_recount',
} as const satisfies Record<string, Op>

export const CLERKS_KEEPING = {
  station: 'get_station_stations_station_id',
  foreseeClosure: 'post_station_stations_station_id_closure_previews',
  close: 'post_station_stations_station_id_closures',
  endClosure: null,
  reopen: 'post_station_stations_station_id_reopening',
  foreseeDay: null,
  setDay: 'put_station_stations_station_id_special_days',
  clearDay: 'delete_station_stations_station_id_special_days',
  pause: 'post_station_stations_station_id_port_pauses',
  resume: 'delete_station_stations_station_id_port_pauses',
  batches: 'get_station_stations_station_id_kit',
  movements: 'get_station_stations_station_id_kit_movements',
  notices: 'get_station_stations_station_id_kit_notices',
  recount: 'get_station_stations_station_id_kit_recount',
} as const satisfies Record<keyof typeof UNION_KEEPING, Op | null>

export type Keeping = { [K in keyof typeof UNION_KEEPING]: (typeof UNION_KEEPING)[K] | (typeof CLERKS_KEEPING)[K] }

/** What became of the bookings, in words. */
export function fateOf(done: Fate): string {
  const parts = [done.moved ? `改签${done.moved}个` : '', done.cancelled ? `取消${done.cancelled}个` : ''].filter(Boolean)
  if (parts.length) return `预约：${parts.join('，')}${done.settled ? '' : '，其余正在处理'}`
  return done.settled ? '没有预约受影响' : '目前没有预约受影响'
}
