// The words of the tree, of accounts and grants, in Chinese; a value the server adds is missed by the compiler.
import type { Schema } from '../api/shapes'

export const PERMISSIONS: Record<Schema['Permission'], string> = {
  'units.manage': '管理组织',
  'staff.manage': '管理人员账号',
  'grants.manage': '授权',
  'policies.write': '编写政策与就业指导',
  'policies.review': '审核稿件',
  'policies.force': '紧急发布',
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
