// The words of what is counted, in Chinese; numbers as people read them.
import type { Row } from '../api/shapes'
import { FACILITIES } from './stations'
import { CLASSES } from './trainings'

export type Figures = Row<'get_union_stats_stations'>['figures']

const SERVICE_NAMES: Record<string, string> = { ...FACILITIES, phone_charging: '手机充电', vehicle_charging: '电动车充电', hot_meal: '热饭', rest: '休息', water: '饮水', other: '其他' }
const GROUP_NAMES: Record<string, string> = { ...CLASSES, undeclared: '未申报类别', unknown: '未注册（只留号码）' }

export const serviceName = (key: string): string => SERVICE_NAMES[key] ?? key
export const groupName = (key: string): string => GROUP_NAMES[key] ?? key

/** 12.5% */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? '—' : `${(share * 100).toFixed(1)}%`
}

/** 1分05秒 */
export function duration(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined ? '—' : `${Math.floor(seconds / 60)}分${String(Math.round(seconds % 60)).padStart(2, '0')}秒`
}

export const count = (many: number | undefined): string => (many ?? 0).toLocaleString('zh-CN')

/** All figures of a station or a subtree, as titles and words, in the order of the screens. */
export const FIGURES: { key: string; title: string; text: (figures: Figures) => string }[] = [
  { key: 'visits', title: '服务人次', text: (of) => count(of.visits) },
  { key: 'persons', title: '服务人数', text: (of) => count(of.persons) },
  { key: 'missed', title: '爽约', text: (of) => count(of.no_shows.missed) },
  { key: 'rate', title: '爽约率', text: (of) => percent(of.no_shows.rate) },
  { key: 'calls', title: '急救求助', text: (of) => count(of.first_aid.calls) },
  { key: 'unanswered', title: '无人响应', text: (of) => count(of.first_aid.unanswered) },
  { key: 'median', title: '响应中位数', text: (of) => duration(of.first_aid.median_s) },
  { key: 'offline', title: '离线补录占比', text: (of) => percent(of.offline_share) },
]

/** Services with how often they were used, the most used first. */
export function servicesOf(figures: Figures): { name: string; value: number }[] {
  return Object.entries(figures.services).map(([key, value]) => ({ name: serviceName(key), value })).sort((one, other) => other.value - one.value)
}
