// What is wrong with a rule, or with the people it is tried on, said one by one.
import { Refused } from '../api/refusals'
import type { Problem } from '../parts/answers'

export interface Flaw {
  path: string
  message: string
}

type Told = Flaw & { name?: string }

/** What a refusal tells one by one: of fields, of conditions, of test persons by their names. */
export function flawsOf(problem: Problem | null): Flaw[] {
  if (!(problem instanceof Refused)) return []
  const { problems, failures } = problem.details as { problems?: Told[]; failures?: Told[] }
  if (problems) return problems.map(said)
  return failures?.map((each) => ({ ...said(each), path: '$.test_persons' })) ?? []
}

const said = (each: Told): Flaw => ({ path: each.path, message: each.name ? `${each.name}：${each.message}` : each.message })
