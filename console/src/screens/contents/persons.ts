// The people an editor makes up to try a rule on.
import type { Schema } from '../../api/shapes'
import { conditionsOf, factOf, type Fact, type Group, type Value, type Words } from './rules'

export type Verdict = Schema['models.eligibility.evaluate.Status']

export interface Person {
  name: string
  facts: Record<string, Value>
  at: Record<string, string>
  expects: Verdict
}

/** What a rule asks of a person: facts, and dates of the matter itself. */
export function asksOf(words: Words, root: Group): { facts: Fact[]; moments: Fact[] } {
  const conditions = conditionsOf(root)
  const dated = new Set<string>(words.dated)
  const days = conditions.filter((one) => dated.has(one.op)).map((one) => one.at || 'application_date')
  const names = [...conditions.map((one) => one.fact), ...days]
  const facts = [...new Set(names)].map((name) => factOf(words, name)).filter((fact) => fact !== undefined)
  return { facts, moments: words.moments.filter((day) => days.includes(day.name)) }
}
