// What may be done with kit at a station, and what each needs to know.
import type { Row } from '../../api/shapes'

export type Batch = Row<'get_station_stations_station_id_kit'>
export type Deed = 'receive' | 'issue' | 'count' | 'write_off' | 'level'

/** Title, the word on the number's field, and whether a reason is asked. */
export const KIT_DEEDS: Record<Deed, { title: string; number: string; least: number; hasReason: boolean }> = {
  receive: { title: '入库', number: '数量', least: 1, hasReason: false },
  issue: { title: '领用', number: '数量', least: 1, hasReason: false },
  count: { title: '盘点', number: '实际数到', least: 0, hasReason: true },
  write_off: { title: '报废', number: '报废数量', least: 1, hasReason: true },
  level: { title: '设最少数量', number: '最少应有', least: 0, hasReason: false },
}
