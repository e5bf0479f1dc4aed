// A field of a manuscript in words, to set two versions side by side.
import { readBack } from '../../rules/readback'
import { readRule, type Words } from '../../rules/tree'
import { BENEFIT_KINDS, CATEGORIES, CLIENT_CLASSES, LEVELS, PERS, TOPICS } from '../../words/contents'
import type { Content } from './kept'
import { wordsOf } from './richtext'

export function told(content: Content, field: keyof Content, words: Words): string {
  switch (field) {
    case 'topic': return content.topic ? TOPICS[content.topic] : '—'
    case 'category': return content.category ? CATEGORIES[content.category] : '—'
    case 'level': return content.level ? LEVELS[content.level] : '—'
    case 'region': return words.regions.find((region) => region.code === content.region)?.name ?? '—'
    case 'tags': return content.tags.join('、') || '—'
    case 'audience': return content.audience.map((each) => CLIENT_CLASSES[each]).join('、') || '所有人'
    case 'body': return (content.body_format === 'html' ? wordsOf(content.body) : content.body) || '—'
    case 'body_format': return content.body_format === 'html' ? '图文' : 'Markdown'
    case 'minor': return content.minor ? '是' : '否'
    case 'benefit': return content.benefit === null ? '—' : [BENEFIT_KINDS[content.benefit.kind], content.benefit.per ? PERS[content.benefit.per] : '', content.benefit.amount_fen == null ? '' : `${content.benefit.amount_fen / 100}元`].filter(Boolean).join(' ')
    case 'rule': return content.rule === null ? '—' : readBack(words, readRule(content.rule))
    case 'test_persons': return content.test_persons.map((each) => String(each.name)).join('、') || '—'
    default: return content[field] || '—'
  }
}
