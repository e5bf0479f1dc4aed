// The words of stations, bookings, visits and first aid, in Chinese.
import type { Schema } from '../api/shapes'

export const SERVICES: Record<Schema['ServiceKind'], string> = { phone_charging: '手机充电', vehicle_charging: '电动车充电', hot_meal: '热饭' }

export const BOOKING_STATES: Record<Schema['models.stations.booked.State'], string> = {
  booked: '待使用', in_use: '使用中', finished: '已结束', no_show: '爽约', overstayed: '超时未离开',
  cancelled_by_worker: '本人取消', cancelled_by_station: '驿站取消',
}

export const BOOKING_WAYS: Record<Schema['models.stations.slots.Way'], string> = { booking: '预约', walk_in: '现场' }

export const VISIT_WAYS: Record<Schema['models.stations.ledger.Way'], string> = {
  station_scanned: '扫预约码', worker_scanned: '本人扫码', by_hand: '人工登记', by_phone_number: '手机号登记', by_id_number: '证件号登记', count_only: '只计人数',
}

export const VISIT_KINDS: Record<Schema['models.stations.visits.Kind'], string> = { count_only: '只计人数', by_phone_number: '报手机号', by_id_number: '报证件号' }

export const EMERGENCIES: Record<Schema['models.stations.first_aid_alerts.Kind'], string> = {
  injury: '受伤出血', chest_pain: '胸痛、喘不上气', unconscious: '晕倒、叫不醒', heat_stroke: '中暑', other: '其他',
}

export const ALERT_STATES: Record<Schema['models.stations.first_aid_alerts.State'], string> = { called: '等待响应', acknowledged: '已响应', arrived: '已到场', closed: '已结束' }

export const OUTCOMES: Record<Schema['models.stations.first_aid_alerts.Outcome'], string> = { helped: '已处置', handed_to_120: '已交120', false_alarm: '误报' }

export const OPEN_STATES: Record<Schema['models.stations.hours.Status'], string> = { open: '开放', unattended: '无人值守开放', closed: '关闭' }
