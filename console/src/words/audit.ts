// The words of the audit trail: each deed as one would say it, and what kind of thing it was done to.

/** Deeds by the area they belong to; the trail keeps them as the server's verbs are called. */
export const DEEDS: Record<string, Record<string, string>> = {
  组织: {
    'units.plant': '设立组织', 'units.rename': '组织改名', 'units.plan_move': '安排隶属调整', 'units.call_off_move': '取消隶属调整',
  },
  人员与授权: {
    'accounts.open': '开通账号', 'accounts.change': '修改姓名或任期', 'accounts.reset': '重置密码', 'accounts.wake': '重新启用账号', 'accounts.put_out': '强制下线',
    'renewals.renew': '登录凭证被重复使用，强制下线', 'accounts.leave': '办理离岗', 'accounts.come_back': '恢复在岗', 'accounts.bind_wechat': '绑定微信', 'posts.assign': '安排驿站岗位',
    'grants.give': '授权', 'grants.lend': '请同事代办', 'grants.end': '收回授权', 'grants.begin': '首位管理员授权',
    'emergencies.ask': '申请紧急授权', 'emergencies.agree': '同意紧急授权',
  },
  劳动者: {
    'lookups.unmask:name': '查看姓名', 'lookups.unmask:phone': '查看手机号', 'lookups.unmask:name+phone': '查看姓名和手机号', 'lookups.freeze': '冻结账号', 'lookups.unfreeze': '解冻账号',
    'verifying.read_evidence': '查看证明材料', 'verifying.verify': '核验通过', 'verifying.refuse': '核验不通过', 'verifying.revoke': '撤销核验',
    'appeals.read': '阅读爽约申诉', 'appeals.accepted': '采纳爽约申诉', 'appeals.refused': '不采纳爽约申诉',
    'moderation.allow': '允许公开', 'moderation.refuse': '不予公开', 'moderation.add_word': '加入敏感词', 'moderation.remove_word': '移除敏感词',
    'exports.ask': '本人下载资料', 'erasing.carry_out': '注销并清除资料',
    'assisted.booking': '协助预约', 'assisted.sign_up': '协助报名', 'assisted.identity_declaration': '协助申报身份',
  },
  稿件: {
    'manuscripts.begun': '起草稿件', 'manuscripts.saved': '保存稿件', 'manuscripts.submitted': '提交审核', 'manuscripts.taken_back': '撤回提交', 'manuscripts.approved': '审核通过',
    'manuscripts.rejected': '退回修改', 'manuscripts.scheduled': '排期', 'manuscripts.unscheduled': '取消排期', 'manuscripts.forced': '强制发布', 'manuscripts.confirmed': '确认强制发布',
    'manuscripts.withdrawn': '撤回已发布的稿件', 'manuscripts.superseded': '被新版取代', 'manuscripts.archived': '归档', 'manuscripts.previewed': '发出预览链接', 'manuscripts.preview_revoked': '收回预览链接',
    'policies.pin': '置顶政策', 'policies.unpin': '取消置顶',
    'synonyms.add': '新增同义词', 'synonyms.change': '修改同义词', 'synonyms.remove': '删除同义词',
  },
  驿站: {
    'stations.enter': '登记驿站', 'stations.describe': '修改驿站资料', 'stations.rota': '排班', 'stations.reopen': '恢复开放', 'stations.cut_power': '确认断电', 'stations.closure': '临时关闭', 'stations.special_day': '特殊日开放', 'stations.hours': '修改开放时间', 'stations.services': '调整服务', 'stations.port': '停用或启用位置', 'scenes.revoke': '停用站内二维码',
    'bookings.move': '改签', 'bookings.call_off': '代为取消预约', 'visits.look_up': '按号码登记到站', 'visits.bring_in': '补录到站', 'first_aid.read_details': '查看急救详情',
  },
  培训: {
    'training.plan': '设立培训项目', 'training.change': '修改培训项目', 'training.open': '开放培训项目', 'training.close': '关闭培训项目',
    'training_session.plan': '开设班次', 'training_session.change': '修改班次', 'training_session.open': '开放报名', 'training_session.close': '截止报名', 'training_session.reopen': '重新开放报名',
    'training_session.move': '班次改期', 'training_session.resize': '调整名额', 'training_session.call_off': '取消班次', 'training_session.close_register': '确认签到表', 'training_session.export': '导出名册',
    'training.add': '添加学员', 'training.remove': '移出学员', 'training.mark': '登记签到', 'worker.unmask': '导出名册中的完整信息',
  },
}

const ALL: Record<string, string> = Object.assign({}, ...Object.values(DEEDS))

/** What was done; a deed without words here is shown as the trail keeps it. */
export const deedOf = (what: string): string => ALL[what] ?? what

/** What kind of thing an id is of, by the noun that it begins with. */
const NOUNS: Record<string, string> = {
  staff: '工作人员', unit: '组织', grant: '授权', emergency: '紧急授权', person: '劳动者', verification: '身份核验', appeal: '爽约申诉', piece: '公开内容', word: '敏感词',
  station: '驿站', alert: '急救', booking: '预约', programme: '培训项目', session: '培训班次', enrolment: '培训报名', attendance: '签到记录', manuscript: '稿件', preview: '预览链接',
  synonym: '同义词', policy: '政策', assistance: '协助办理',
}

/** A thing in words: its kind, and its name where the reader's reach has it. */
export function thingOf(id: string, name: string | null): string {
  const kind = NOUNS[id.split('_')[0] ?? '']
  if (!kind) return name ?? id
  return name ? `${kind}：${name}` : kind
}

/** Somebody in words; who is out of reach has no name here. */
export function actorOf(id: string, name: string | null): string {
  if (name) return name
  if (id.startsWith('person_')) return '劳动者本人'
  return id.startsWith('staff_') ? '本级以外的人员' : '系统'
}
