// The words of manuscripts on their way to the public, in Chinese; a value the server adds is missed by the compiler.
import type { Schema } from '../api/shapes'

export const STATES: Record<Schema['models.policies.stages.State'], string> = {
  draft: '编写中', submitted: '待审核', rejected: '已退回', approved: '已通过，待排期', scheduled: '已排期',
  published: '已发布', expired: '已到期', withdrawn: '已撤回', superseded: '已被替代', archived: '已归档',
}

/** How a state is coloured; its word is always beside the colour. */
export const STATE_LOOKS: Record<Schema['models.policies.stages.State'], 'primary' | 'success' | 'warning' | 'danger' | 'info'> = {
  draft: 'info', submitted: 'warning', rejected: 'danger', approved: 'primary', scheduled: 'primary',
  published: 'success', expired: 'info', withdrawn: 'danger', superseded: 'info', archived: 'info',
}

export const KINDS: Record<Schema['models.policies.contents.Kind'], string> = { policy: '政策', guidance: '就业指导' }

export const TOPICS: Record<Schema['models.policies.vocabulary.Topic'], string> = {
  social_insurance: '社会保险', employment_support: '就业扶持', startup: '创业扶持', skills: '技能培训', unemployment: '失业保障',
  work_injury: '工伤保障', wages: '工资报酬', rights: '权益维护', medical: '医疗互助', housing: '住房保障',
  hardship: '困难帮扶', union_membership: '入会服务', family: '子女与家庭',
}

export const CATEGORIES: Record<Schema['Category'], string> = {
  job_search: '找工作', interview: '面试', contract: '劳动合同', rights: '权益维护',
  startup: '创业', career: '职业发展', safety: '安全健康', newcomer: '初来郑州',
}

export const LEVELS: Record<Schema['Level'], string> = { nation: '国家', province: '省', city: '市', district: '区' }

export const READERS: Record<Schema['ClientClass'], string> = {
  migrant_worker: '农民工', platform_worker: '新就业形态劳动者', transferring_worker: '转岗职工', unemployed_graduate: '未就业毕业生', employer: '用人单位',
}

export const BENEFITS: Record<Schema['BenefitKind'], string> = { cash: '现金', insurance: '保险', loan: '贷款', service: '服务', subsidy: '补贴' }

export const FIELDS: Record<keyof Schema['Content'] | 'attachments', string> = {
  title: '标题', topic: '主题', category: '分类', level: '层级', region: '适用地区', issuer: '发文机关', number: '文号', tags: '标签',
  audience: '适用人群', summary: '摘要', body: '正文', body_format: '正文格式', effective_from: '施行日期', effective_to: '失效日期',
  valid_to: '展示截止日', minor: '仅为更正（不通知收藏的人）', benefit: '待遇', rule: '适用条件', test_persons: '测试人物', attachments: '附件',
}

export const CHANGES: Record<Schema['Change'], string> = { same: '未变', changed: '修改', added: '新增', removed: '删除' }

export const DEEDS: Record<Schema['Deed'], string> = {
  begun: '新建', saved: '保存', submitted: '提交审核', taken_back: '撤回提交', approved: '审核通过', rejected: '退回', scheduled: '排期',
  unscheduled: '取消排期', forced: '强制发布', confirmed: '确认强制发布', withdrawn: '撤回', superseded: '被替代', archived: '归档',
}

export const BECAUSES: Record<Schema['Because'], string> = { in_error: '内容有误', no_longer_valid: '已不再有效', replaced_by: '已被新的替代' }

export const VERDICTS: Record<Schema['models.eligibility.evaluate.Status'], string> = {
  eligible: '符合', needs_document: '需补材料', not_eligible: '不符合', unknown: '尚不能判断',
}

/** Reasons reviewers give again and again. */
export const COMMON_REASONS = [
  '文号与原文件不一致，请核对。', '正文有错别字或缺段，请校对。', '适用条件与文件不符，请修改。', '施行日期或截止日期有误，请核对。', '缺少文件原件，请补充附件。', '摘要看不明白，请写得更通俗。',
]
