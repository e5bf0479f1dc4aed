// The words reviewers have for manuscripts on their way to the public, where they are not the editors' own.
import type { Filters, Schema } from '../api/shapes'
import { CLIENT_CLASSES, FIELDS as EDITORS_FIELDS } from './contents'

export { DEEDS, STATES } from './contents'

/** How a state is coloured; its word is always beside the colour. The house's own red would look like a refusal. */
export const STATE_LOOKS: Record<Schema['models.policies.stages.State'], 'success' | 'warning' | 'danger' | 'info'> = {
  draft: 'info', submitted: 'warning', rejected: 'danger', approved: 'success', scheduled: 'success',
  published: 'success', expired: 'info', withdrawn: 'danger', superseded: 'info', archived: 'info',
}

export const READERS: Record<Schema['ClientClass'], string> = { ...CLIENT_CLASSES, transferring_worker: '转岗职工', unemployed_graduate: '未就业毕业生', employer: '用人单位' }

export const FIELDS: Record<keyof Schema['Content'] | 'attachments', string> = {
  ...EDITORS_FIELDS, topic: '主题', category: '分类', level: '层级', audience: '适用人群', minor: '仅为更正（不通知收藏的人）', attachments: '附件',
}

export const CHANGES: Record<Schema['Change'], string> = { same: '未变', changed: '修改', added: '新增', removed: '删除' }

export const BECAUSES: Record<Schema['Because'], string> = { in_error: '内容有误', no_longer_valid: '已不再有效', replaced_by: '已被新的替代' }

export const ORDERS: Record<NonNullable<Filters<'get_union_manuscripts'>['order']>, string> = { waiting: '等得最久的在前', newest: '最新起草的在前' }

/** Reasons reviewers give again and again. */
export const COMMON_REASONS = [
  '文号与原文件不一致，请核对。', '正文有错别字或缺段，请校对。', '适用条件与文件不符，请修改。', '施行日期或截止日期有误，请核对。', '缺少文件原件，请补充附件。', '摘要看不明白，请写得更通俗。',
]
