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

export const STATION_KINDS: Record<Schema['StationKind'], string> = { union: '工会自建', bank: '银行网点', petrol: '加油站', shop: '商铺', park: '公园' }

export const FACILITIES: Record<Schema['Facility'], string> = {
  hot_water: '热水', microwave: '微波炉', fridge: '冰箱', rest: '休息座位', wifi: '无线网络', reading: '图书', umbrella: '雨伞', first_aid_kit: '急救箱', aed: 'AED',
  blood_pressure_meter: '血压计', mother_baby_room: '母婴室', toilet: '卫生间', shower: '淋浴', air_conditioning: '空调', parking: '停车', sewing_kit: '针线包', hot_meal: '热饭',
}

export const CAUSES: Record<Schema['Cause'], string> = { closure: '闭站', special_day: '特殊日', hours: '开放时间调整', services: '服务调整', port: '位置停用' }

export const REMEDIES: Record<Schema['Remedy'], string> = { move: '先改签，改不了的取消', cancel: '全部取消' }

export const DROP_INS: Record<Schema['DropInKind'], string> = { water: '饮水', rest: '休息座位' }

export const BATCH_STATES: Record<Schema['models.stations.kit.State'], string> = { good: '正常', expiring: '临近到期', expired: '已过期' }

export const KIT_MOVES: Record<Schema['models.stations.kit.Kind'], string> = { received: '入库', issued: '领用', written_off: '报废', counted: '盘点' }

export const KIT_WHYS: Record<Schema['models.stations.kit_notices.Why'], string> = { expiring: '临近到期', low: '数量不足' }

export const WEEKDAYS: Record<keyof Schema['Week'], string> = { mon: '周一', tue: '周二', wed: '周三', thu: '周四', fri: '周五', sat: '周六', sun: '周日' }
