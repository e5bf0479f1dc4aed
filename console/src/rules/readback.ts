// A rule read back in Chinese, so that whoever wrote it hears what it says.
import { dayNameOf, factOf, isGroup, type Condition, type Fact, type Group, type Part, type Value, type Words } from './tree'

/** Money is kept in fen and read in yuan. */
export const scaleOf = (fact: Fact): number => (fact.unit === '分' ? 100 : 1)
export const unitOf = (fact: Fact): string => (fact.unit === '分' ? '元' : fact.unit)

/** One value as the screen says it. */
export function valueName(words: Words, fact: Fact, value: Value): string {
  if (value === null || value === '') return '…'
  if (Array.isArray(value)) return value.length ? value.map((each) => `“${valueName(words, fact, each)}”`).join('或') : fact.kind === 'set' ? '（一项也没有）' : '…'
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (typeof value === 'number') return `${value / scaleOf(fact)}${unitOf(fact)}`
  if (fact.kind === 'region') return words.regions.find((region) => region.code === value)?.name ?? value
  return fact.choices[value] ?? value
}

/** What workers read of one condition, its not included. */
export const toldOf = (words: Words, one: Condition): string => (one.isNot ? deniedOf(words, one) : saysOf(words, one))

/** The opposite of one condition in a sentence: what somebody must not be. */
function deniedOf(words: Words, one: Condition): string {
  const fact = factOf(words, one.fact)
  if (fact === undefined || one.op === '') return saysOf(words, one)
  const value = valueName(words, fact, one.value)
  const quoted = Array.isArray(one.value) ? value : `“${value}”`
  switch (one.op) {
    case 'eq': return typeof one.value === 'boolean' ? `${fact.label}：${one.value ? '否' : '是'}` : `${fact.label}${fact.kind === 'set' ? '不包括' : '不是'}${quoted}`
    case 'in': return `${fact.label}${fact.kind === 'set' ? '不包括' : '不是'}${quoted}`
    case 'region_within': return `${fact.label}不在${quoted}`
    case 'has_document': return `没有${quoted}`
    case 'on_or_after': return `${fact.label}早于${value}`
    case 'on_or_before': return `${fact.label}晚于${value}`
    default: return rangedOf(words, fact, one, outside)
  }
}

/** One condition in a sentence, without its not. */
export function saysOf(words: Words, one: Condition): string {
  const fact = factOf(words, one.fact)
  if (fact === undefined || one.op === '') return '（还没有写完的条件）'
  const value = valueName(words, fact, one.value)
  const quoted = Array.isArray(one.value) ? value : `“${value}”`
  switch (one.op) {
    case 'eq': return fact.kind === 'set' ? `${fact.label}包括${quoted}` : fact.kind === 'bool' ? `${fact.label}：${value}` : `${fact.label}是${quoted}`
    case 'in': return `${fact.label}${fact.kind === 'set' ? '包括' : '是'}${quoted}`
    case 'region_within': return `${fact.label}在${quoted}`
    case 'has_document': return `有${quoted}`
    case 'on_or_after': return `${fact.label}不早于${value}`
    case 'on_or_before': return `${fact.label}不晚于${value}`
    default: return rangedOf(words, fact, one, span)
  }
}

type Saying = (end: Value) => string

/** One condition that has a least and a most. */
function rangedOf(words: Words, fact: Fact, one: Condition, range: (one: Condition, say: Saying) => string): string {
  const until = `到${dayNameOf(words, one.at)}`
  switch (one.op) {
    case 'age_between': return `${until}，按${fact.label}算年龄${range(one, (end) => `${String(end)}周岁`)}`
    case 'months_since': return `${until}，距${fact.label}${range(one, (end) => `${String(end)}个月`)}`
    case 'days_since': return `${until}，距${fact.label}${range(one, (end) => `${String(end)}天`)}`
    default: return `${fact.label}${range(one, (end) => valueName(words, fact, end))}`
  }
}

function outside(one: Condition, say: Saying): string {
  if (one.min === null && one.max === null) return '…'
  if (one.max === null) return `不到${say(one.min)}`
  if (one.min === null) return `超过${say(one.max)}`
  return `不在${say(one.min)}到${say(one.max)}之间（含两头）`
}

function span(one: Condition, say: Saying): string {
  if (one.min === null && one.max === null) return '…'
  if (one.max === null) return `至少${say(one.min)}`
  if (one.min === null) return `不超过${say(one.max)}`
  return `在${say(one.min)}到${say(one.max)}之间（含两头）`
}

/** The whole rule in one sentence; `none` says what it means that there is no condition. */
export function readBack(words: Words, root: Group, none = '没有条件。'): string {
  return root.parts.length ? `${say(words, root)}，才算符合。` : none
}

function say(words: Words, part: Part): string {
  if (!isGroup(part)) return `${part.isNot ? '不能是：' : ''}${saysOf(words, part)}`
  const each = part.parts.map((one) => (isGroup(one) ? `（${say(words, one)}）` : say(words, one)))
  const joined = each.length === 1 ? (each[0] ?? '') : part.join === 'all' ? `同时做到：${each.join('；并且')}` : `做到其中一条：${each.join('；或者')}`
  return part.isNot ? `不能是：${joined}` : joined
}
