// What the server still asks of a person before it can let them in, and what spoke against them.
import { Refused } from '../api/refusals'
import type { Schema } from '../api/shapes'
import type { Problem } from './answers'

export type Question = Schema['Question']
export type Answered = Record<string, string | number | boolean | string[]>

const ASKING = new Set(['facts_missing', 'documents_missing'])

/** The questions that a refusal asks; none of any other. */
export function asksOf(problem: Problem | null): Question[] {
  return problem instanceof Refused && ASKING.has(problem.code) ? ((problem.details.missing ?? []) as Question[]) : []
}

/** The conditions somebody does not fulfil, in words. */
export function failedOf(problem: Problem | null): string[] {
  if (!(problem instanceof Refused) || problem.code !== 'not_eligible') return []
  return ((problem.details.failed ?? []) as { says: string; because: string | null }[]).map((each) => (each.because ? `${each.says}（${each.because}）` : each.says))
}
