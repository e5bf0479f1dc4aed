// The words of policies, guidance and their manuscripts, in Chinese.
import type { Schema } from '../api/shapes'

export const KINDS: Record<Schema['models.policies.contents.Kind'], string> = { policy: '政策', guidance: '就业指导' }

export const STATES: Record<Schema['models.policies.stages.State'], string> = {
  draft: '草稿', submitted: '待审核', rejected: '已退回', approved: '已通过，待排期', scheduled: '已排期', published: '已发布',
  expired: '已到期', superseded: '已被替代', withdrawn: '已撤回', archived: '已归档',
}

export const TOPICS: Record<Schema['models.policies.vocabulary.Topic'], string> = {
  social_insurance: '社会保险', employment_support: '就业扶持', startup: '创业扶持', skills: '技能培训', unemployment: '失业保障',
  work_injury: '工伤保障', wages: '工资报酬', rights: '权益维护', medical: '医疗互助', housing: '住房保障', hardship: '困难帮扶',
  union_membership: '入会服务', family: '子女与家庭',
}

export const LEVELS: Record<Schema['Level'], string> = { nation: '国家', province: '省', city: '市', district: '区' }

export const CATEGORIES: Record<Schema['Category'], string> = {
  job_search: '找工作', interview: '面试', contract: '劳动合同', rights: '权益维护', startup: '创业', career: '职业发展', safety: '安全健康', newcomer: '初来郑州',
}

export const CLIENT_CLASSES: Record<Schema['ClientClass'], string> = {
  transferring_worker: '转岗待岗职工', platform_worker: '新就业形态劳动者', unemployed_graduate: '未就业高校毕业生', migrant_worker: '农民工', employer: '有用工需求的用人单位',
}

export const BENEFIT_KINDS: Record<Schema['BenefitKind'], string> = { subsidy: '补贴', cash: '现金', service: '服务', loan: '贷款', insurance: '保险' }

export const PERS: Record<Schema['Per'], string> = { once: '一次性', month: '每月', year: '每年', person: '每人' }

export const DEEDS: Record<Schema['Deed'], string> = {
  begun: '新建', saved: '保存', submitted: '提交审核', taken_back: '撤回提交', approved: '审核通过', rejected: '退回', scheduled: '排期',
  unscheduled: '取消排期', forced: '强制发布', confirmed: '确认强制发布', withdrawn: '撤回已发布的', superseded: '被替代', archived: '归档',
}

export const FIELDS: Record<keyof Schema['Content'], string> = {
  title: '标题', topic: '政策主题', category: '指导分类', level: '政策层级', region: '适用地区', issuer: '发文机关', number: '文号', tags: '标签',
  audience: '适用对象', summary: '摘要', body: '正文', body_format: '正文格式', effective_from: '施行日期', effective_to: '失效日期',
  valid_to: '展示截止日', minor: '只是更正', benefit: '待遇', rule: '适用条件', test_persons: '测试人物',
}
