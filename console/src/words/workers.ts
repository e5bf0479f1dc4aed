// The words of workers, their identities, appeals and what they write, in Chinese.
import type { Schema } from '../api/shapes'

export const VERIFICATION_STATES: Record<Schema['models.members.verifications.State'], string> = {
  waiting: '待核验', verified: '已核验', refused: '未通过', revoked: '已撤销', lapsed: '已过期', taken_back: '本人撤回',
}

export const WORKER_STATES: Record<Schema['models.workers.workers.State'], string> = { active: '正常', frozen: '已冻结', closed: '已注销' }

export const WORKER_FIELDS: Record<Schema['Field'], string> = { name: '姓名', phone: '手机号' }

export const APPEAL_STATES: Record<Schema['models.stations.appeals.State'], string> = { open: '待处理', accepted: '已采纳', refused: '未采纳' }

export const PIECE_KINDS: Record<Schema['models.moderation.pieces.Kind'], string> = { station_comment: '驿站评论' }

export const PIECE_STATES: Record<Schema['models.moderation.pieces.State'], string> = {
  queued: '待人工审核', appealed: '申诉待复核', pending: '自动检查中', visible: '已公开', refused: '未通过', withdrawn: '作者撤回',
}

export const PIECE_WHYS: Record<Schema['models.moderation.pieces.Why'], string> = { appealed: '作者申诉', doubtful: '内容可疑', reported: '被举报', unchecked: '未能自动检查' }

export const SAYS: Record<Schema['Says'], string> = { pass: '放行', review: '转人工', risky: '拦下' }
