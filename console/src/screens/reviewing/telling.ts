// What stands in a manuscript's fields, told in words.
import type { Schema } from '../../api/shapes'
import { moment } from '../../parts/times'
import { linesOf } from '../../rules/aloud'
import { regionName } from '../../rules/vocabulary'
import { BENEFIT_KINDS, CATEGORIES, LEVELS, PERS, TOPICS } from '../../words/contents'
import { FIELDS, READERS } from '../../words/publishing'

export type Content = Schema['Content']
type Field = keyof typeof FIELDS

export function fieldName(field: string): string {
  return FIELDS[field as Field] ?? field
}

/** A field's value for people; what is not said is told too. */
export function told(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length)) return '（无）'
  switch (field as Field) {
    case 'topic': return TOPICS[value as keyof typeof TOPICS]
    case 'category': return CATEGORIES[value as keyof typeof CATEGORIES]
    case 'level': return LEVELS[value as keyof typeof LEVELS]
    case 'region': return regionName(value as string)
    case 'audience': return (value as Schema['ClientClass'][]).map((each) => READERS[each]).join('、')
    case 'tags': return (value as string[]).join('、')
    case 'minor': return value === true ? '是' : '否'
    case 'benefit': return benefit(value as Schema['Benefit'])
    case 'rule': return linesOf(value as Record<string, unknown>).map((line) => `${'　'.repeat(line.depth)}${line.text}`).join('\n')
    case 'attachments': return (value as { name: string }[]).map((each) => each.name).join('\n')
    case 'test_persons': return `${(value as unknown[]).length}个`
    default: return String(value)
  }
}

function benefit(given: Schema['Benefit']): string {
  const amount = given.amount_fen ? `${given.amount_fen / 100}元` : ''
  const group = given.exclusive_group ? `（与“${given.exclusive_group}”组只能享受一项）` : ''
  return `${given.per ? PERS[given.per] : ''}${BENEFIT_KINDS[given.kind]}${amount}${group}`
}

/** Fields that two contents tell otherwise, as rows before and after. */
export function unlike(before: Content, after: Content): Schema['FieldChange'][] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof Content)[]
  return names
    .filter((name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null))
    .map((name) => ({ field: name, before: before[name], after: after[name] }))
}

/** How long something has waited: 3天, 5小时. */
export function waited(since: string, now = Date.now()): string {
  const hours = Math.max(0, Math.floor((now - Date.parse(since)) / 3_600_000))
  return hours < 1 ? '不到1小时' : hours < 48 ? `${hours}小时` : `${Math.floor(hours / 24)}天`
}

/** The far end of what has no end is not told. */
export function until(at: string | null | undefined): string {
  return !at || at.startsWith('9') ? '长期' : moment(at)
}
