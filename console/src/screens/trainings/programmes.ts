// A programme as it is written: the fields of a new one, of one that is there, and how two differ.
import type { BodyOf, Schema } from '../../api/shapes'
import { linesOf } from '../../rules/aloud'
import { CLASSES, TOPICS, yuan } from '../../words/trainings'

export type Draft = BodyOf<'post_union_trainings'>['programme']
export type Programme = Schema['ManagedProgrammeView']

/** What it means that a programme has no rule. */
export const NO_RULE = '不设条件，所有劳动者都可以报名。'

export function blank(): Draft {
  return { title: '', summary: '', topic: 'safety', skills: [], organiser: '', station_id: null, place: { name: '', lng: 113.55, lat: 34.81 }, fee_fen: 0, subsidy: '', body: '', rule: null, test_persons: [], documents_later: true, first: [] }
}

export function draftOf(programme: Programme): Draft {
  const { title, summary, topic, skills, organiser, station_id, place, fee_fen, subsidy, body, rule, test_persons, documents_later, first } = programme
  return structuredClone({ title, summary, topic, skills, organiser, station_id, place, fee_fen, subsidy, body, rule, test_persons, documents_later, first })
}

/** A field in words, and all there is of it where words do not say all. */
type Telling = [title: string, said: (draft: Draft) => string, whole?: (draft: Draft) => unknown]

const SAID: Telling[] = [
  ['名称', (draft) => draft.title],
  ['类别', (draft) => TOPICS[draft.topic]],
  ['简介', (draft) => draft.summary],
  ['主办单位', (draft) => draft.organiser],
  ['地点', (draft) => `${draft.place.name}（${draft.place.lng.toFixed(5)}，${draft.place.lat.toFixed(5)}）`],
  ['费用', (draft) => yuan(draft.fee_fen ?? 0)],
  ['补贴说明', (draft) => draft.subsidy ?? ''],
  ['技能', (draft) => (draft.skills ?? []).join('、')],
  ['候补优先', (draft) => (draft.first ?? []).map((each) => CLASSES[each]).join('、')],
  ['报名条件', (draft) => linesOf(draft.rule).map((line) => `${'　'.repeat(line.depth)}${line.text}`).join('\n'), (draft) => draft.rule ?? null],
  ['测试人物', (draft) => (draft.test_persons ?? []).map((each) => String(each.name)).join('、'), (draft) => draft.test_persons ?? []],
  ['材料', (draft) => (draft.documents_later ? '可报名后补交' : '报名时须齐全')],
  ['详情', (draft) => draft.body ?? ''],
]

export interface Difference {
  title: string
  mine: string
  theirs: string
}

/** What two people wrote differently, field by field. */
export function differences(mine: Draft, theirs: Draft): Difference[] {
  const differ = ([, said, whole = said]: Telling): boolean => JSON.stringify(whole(mine)) !== JSON.stringify(whole(theirs))
  return SAID.filter(differ).map(([title, said]) => ({ title, mine: said(mine), theirs: said(theirs) }))
}
