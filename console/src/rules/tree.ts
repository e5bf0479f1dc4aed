// Rules as a form holds them: groups of conditions; read from the tree, written back to it, and read aloud.
import type { Answer, Schema } from '../api/shapes'

export type Words = Answer<'get_union_rule_vocabulary'>
export type Fact = Schema['FactView']
export type Op = Schema['Op']
export type Value = string | number | boolean | string[] | null

/** One condition while it is written. */
export interface Condition {
  key: number
  isNot: boolean
  id: string
  fact: string
  op: Op | ''
  at: string
  value: Value
  min: Value
  max: Value
  says: string
  cites: string
}

export interface Group {
  key: number
  isNot: boolean
  join: 'all' | 'any'
  parts: Part[]
}

export type Part = Group | Condition

let made = 0
export const isGroup = (part: Part): part is Group => 'parts' in part
export const newGroup = (join: Group['join'] = 'all', parts: Part[] = []): Group => ({ key: ++made, isNot: false, join, parts })
export const newCondition = (id: string): Condition => ({ key: ++made, isNot: false, id, fact: '', op: '', at: '', value: null, min: null, max: null, says: '', cites: '' })

/** A tree, or a test person, as the server keeps it. */
export type Raw = Record<string, unknown>

/** Read a tree; a rule that is one condition becomes a group of one. */
export function readRule(raw: Raw | null): Group {
  if (raw === null) return newGroup()
  const part = read(JSON.parse(JSON.stringify(raw)) as Raw)
  return isGroup(part) && !part.isNot ? part : newGroup('all', [part])
}

function read(raw: Raw): Part {
  if ('not' in raw) {
    const part = read(raw.not as Raw)
    if (part.isNot) return { ...newGroup('all', [part]), isNot: true }
    return { ...part, isNot: true }
  }
  if ('all' in raw) return newGroup('all', (raw.all as Raw[]).map(read))
  if ('any' in raw) return newGroup('any', (raw.any as Raw[]).map(read))
  const told = raw as Partial<Omit<Condition, 'at'>> & { at?: string | null }
  return { ...newCondition(''), ...told, at: told.at ?? '', key: ++made, isNot: false }
}

/** Write the tree; null when there is no condition at all. */
export function writeRule(group: Group): Raw | null {
  return group.parts.length ? write({ ...group, isNot: false }) : null
}

function write(part: Part): Raw {
  const bare: Raw = isGroup(part) ? { [part.join]: part.parts.map(write) } : leaf(part)
  return part.isNot ? { not: bare } : bare
}

function leaf(one: Condition): Raw {
  const told: Raw = { id: one.id, fact: one.fact, op: one.op }
  for (const field of ['at', 'value', 'min', 'max'] as const) if (one[field] !== null && one[field] !== '') told[field] = one[field]
  return { ...told, says: one.says, cites: one.cites }
}

/** Every condition, in reading order. */
export function conditionsOf(part: Part): Condition[] {
  return isGroup(part) ? part.parts.flatMap(conditionsOf) : [part]
}

/** An id that no condition of the rule has. */
export function freeId(root: Group): string {
  const taken = new Set(conditionsOf(root).map((each) => each.id))
  let at = 1
  while (taken.has(`c${at}`)) at += 1
  return `c${at}`
}

export const RANGED: ReadonlySet<string> = new Set<Op>(['between', 'age_between', 'months_since', 'days_since'])
export const MANY: ReadonlySet<string> = new Set<Op>(['in', 'region_within'])
export const factOf = (words: Words, name: string): Fact | undefined => words.facts.find((fact) => fact.name === name)
export const dayNameOf = (words: Words, name: string): string => [...words.moments, ...words.facts].find((day) => day.name === (name || 'application_date'))?.label ?? name

/** Where each condition stands in the tree, as the server names places. */
export function placesOf(group: Group): Map<string, Condition> {
  const found = new Map<string, Condition>()
  const walk = (part: Part, path: string): void => {
    const here = part.isNot ? `${path}.not` : path
    if (isGroup(part)) part.parts.forEach((each, at) => walk(each, `${here}.${part.join}[${at}]`))
    else found.set(here, part)
  }
  walk({ ...group, isNot: false }, '$')
  return found
}
