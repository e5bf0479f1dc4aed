// What a clerk can do for a worker, and what is wanted of each.
import type { Schema } from '../../api/shapes'

/** What is to be done, said in words that can be read aloud before the code is asked. */
export type Wish =
  | { what: 'booking'; slotId: string; says: string }
  | { what: 'sign_up'; sessionId: string; waits: boolean; says: string }
  | { what: 'identity_declaration'; classes: Schema['ClientClass'][]; says: string }

export const DEEDS = {
  booking: { title: '预约驿站服务', hint: '充电、热饭，任何一个驿站都可以' },
  sign_up: { title: '报名培训', hint: '有名额就报上，没有可以候补' },
  identity_declaration: { title: '申报职业类别', hint: '申报后能看到对应的政策和培训' },
} as const satisfies Record<Wish['what'], { title: string; hint: string }>
