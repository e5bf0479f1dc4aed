// The people an editor makes up to try a rule on.
import type { Schema } from '../api/shapes'
import { valueName } from './readback'
import { conditionsOf, dayNameOf, factOf, type Fact, type Group, type Value, type Words } from './tree'

export type Verdict = Schema['models.eligibility.evaluate.Status']

export interface Person {
  name: string
  facts: Record<string, Value>
  at?: Record<string, string>
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

/** What is known of a person, in words, the dates of the matter last. */
export function knownOf(words: Words, person: Person): string[] {
  const facts = Object.entries(person.facts).map(([name, value]) => {
    const fact = factOf(words, name)
    const told = (one: Value): string => (fact ? valueName(words, fact, one) : String(one))
    return `${fact?.label ?? name}：${Array.isArray(value) ? value.map(told).join('、') || '没有' : told(value)}`
  })
  return [...facts, ...Object.entries(person.at ?? {}).map(([name, day]) => `${dayNameOf(words, name)}：${day}`)]
}
