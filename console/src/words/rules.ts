// The words of rules: how a fact is compared, and what comes out for somebody.
import type { Schema } from '../api/shapes'

export const OPS: Record<Schema['Op'], string> = {
  eq: '是', in: '是其中之一', between: '在…到…之间', age_between: '年龄在…到…之间', months_since: '到那天已满几个月', days_since: '到那天已满几天',
  on_or_after: '不早于', on_or_before: '不晚于', region_within: '在', has_document: '有',
}

export const VERDICTS: Record<Schema['models.eligibility.evaluate.Status'], string> = { eligible: '符合', not_eligible: '不符合', unknown: '还要问', needs_document: '待补材料' }
