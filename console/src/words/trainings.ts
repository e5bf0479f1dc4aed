// The words of programmes, sessions and rosters, in Chinese.
import type { Schema } from '../api/shapes'

export const TOPICS: Record<Schema['models.trainings.programmes.Topic'], string> = {
  catering: '餐饮', degree: '学历提升', digital: '数字技能', housekeeping: '家政', job_search: '求职', logistics: '物流配送',
  manufacturing: '制造', safety: '安全', service: '服务业',
}

export const STANDINGS: Record<Schema['models.trainings.programmes.Standing'], string> = { planned: '筹备中', open: '已开放', closed: '已下架' }

export const STAGES: Record<Schema['Stage'], string> = { planned: '筹备中', open: '已开放', closed: '已截止报名', cancelled: '已取消', done: '已结束' }

export const SIGN_UPS: Record<Schema['SignUp'], string> = { open: '可报名', full: '已满，可候补', upcoming: '未到报名时间', closed: '报名已截止', cancelled: '已取消' }

export const ENROLMENTS: Record<Schema['models.trainings.enrolments.State'], string> = {
  enrolled: '已报名', waitlisted: '候补中', offered: '名额待确认', completed: '已结业', partial: '部分到课', no_show: '未到课', ended: '已结束',
  cancelled_by_worker: '本人取消', cancelled_by_organiser: '主办方取消', declined: '已放弃名额', offer_lapsed: '保留过时', ineligible: '不符合条件',
  not_reached: '未候补上', dropped: '未完成',
}

export const MARKS: Record<Schema['Mark'], string> = { present: '到课', late: '迟到', absent: '缺课' }

export const CLASSES: Record<Schema['ClientClass'], string> = {
  migrant_worker: '农民工', platform_worker: '新就业形态劳动者', transferring_worker: '转岗待岗职工', unemployed_graduate: '未就业高校毕业生', employer: '有用工需求的用人单位',
}

/** Money as people write it; nothing costs nothing. */
export function yuan(fen: number): string {
  return fen ? `${(fen / 100).toFixed(2)}元` : '免费'
}
