// The words of the tree, of accounts and grants, in Chinese; a value the server adds is missed by the compiler.
import type { Schema } from '../api/shapes'

export const PERMISSIONS: Record<Schema['Permission'], string> = {
  'units.manage': '管理组织',
  'staff.manage': '管理人员账号',
  'grants.manage': '授权',
  'policies.write': '编写政策与就业指导',
  'policies.review': '审核稿件',
  'policies.force': '强制发布',
  'trainings.manage': '管理培训',
  'stations.manage': '管理驿站',
  'identities.verify': '核实身份',
  'workers.read': '查看劳动者（脱敏）',
  'workers.unmask': '查看劳动者完整信息',
  'content.moderate': '审核公开内容',
  'audit.read': '查看审计日志',
  'statistics.read': '查看统计数据',
}

export const ROLES: Record<Schema['GrantRole'], string> = {
  administrator: '管理员',
  editor: '编辑',
  reviewer: '审核员',
  station_manager: '驿站管理员',
  training_manager: '培训管理员',
  verifier: '身份核实员',
  moderator: '内容审核员',
  auditor: '审计员',
  leader: '领导（只看数字）',
  delegate: '代理人',
}

/** What somebody with a permission gets to see and do, as one would say it. */
export const SEES: Record<Schema['Permission'], string> = {
  'units.manage': '设立下级组织、改名、安排隶属调整',
  'staff.manage': '看到工作人员名单，开通账号、重置密码、办理离岗',
  'grants.manage': '给别人授权和收回授权（只能给自己有的）',
  'policies.write': '起草和修改政策、就业指导，提交审核',
  'policies.review': '审核别人的稿件，通过或退回',
  'policies.force': '紧急时不经审核直接发布，事后由他人确认',
  'trainings.manage': '开办培训、管理报名名单和签到',
  'stations.manage': '管理驿站的开放时间、排班、物资，处理爽约申诉',
  'identities.verify': '看到身份核验申请，写明原因后查看证明材料',
  'workers.read': '看到劳动者名单（姓名和手机号脱敏）',
  'workers.unmask': '写明原因后查看劳动者的姓名和手机号，冻结账号',
  'content.moderate': '审核评论等公开内容，维护敏感词',
  'audit.read': '查看谁在什么时候做了什么',
  'statistics.read': '查看统计数字和图表',
}

/** What belongs to a role; fewer may be given. */
export const BUNDLES: Record<Exclude<Schema['GrantRole'], 'delegate'>, Schema['Permission'][]> = {
  administrator: Object.keys(PERMISSIONS) as Schema['Permission'][],
  editor: ['policies.write'],
  reviewer: ['policies.review'],
  station_manager: ['stations.manage', 'statistics.read'],
  training_manager: ['trainings.manage'],
  verifier: ['identities.verify', 'workers.read'],
  moderator: ['content.moderate'],
  auditor: ['audit.read'],
  leader: ['statistics.read'],
}

export const UNIT_KINDS: Record<Schema['models.unions.units.Kind'], string> = {
  city: '市总工会', district: '区县总工会', zone: '开发区总工会', street: '街道（乡镇）工会', industry: '行业工会',
  grassroots: '基层工会', park: '园区', grid: '网格', partner: '共建单位', department: '协作部门',
}

export const MOVE_STATES: Record<Schema['models.unions.moves.State'], string> = { planned: '待执行', carried_out: '已执行', called_off: '已取消' }

export const POSTS: Record<Schema['Role'], string> = { station_clerk: '值守员', first_aid_responder: '急救响应员', on_call: '后备值守' }
