// What a screen asks the server for: one thing, a list page by page, or a deed; each with its states.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { ask } from '../api/ask'
import { isAway, LeftAlone, Refused, Unreachable } from '../api/refusals'
import type { Answer, Filters, Given, ListOp, Op, Row } from '../api/shapes'

export type Problem = Refused | Unreachable | LeftAlone

/** Say which of ours was caught; anything else is a fault of the console and is thrown on. */
export function problemOf(caught: unknown): Problem {
  if (caught instanceof Refused || caught instanceof Unreachable || caught instanceof LeftAlone) return caught
  throw caught
}

interface Asking {
  problem: ShallowRef<Problem | null>
  loading: Ref<boolean>
  reload: () => Promise<void>
}

interface One<O extends Op> extends Asking {
  value: ShallowRef<Answer<O> | null>
}

interface Many<O extends ListOp> extends Asking {
  rows: ShallowRef<Row<O>[]>
  next: Ref<string | null>
  more: () => Promise<void>
}

/** Ask for one thing, and again whenever what it is asked with changes; null asks nothing. */
export function useOne<O extends Op>(op: O, given: () => Given<O> | null): One<O> {
  const value = shallowRef(null) as ShallowRef<Answer<O> | null>
  const { problem, loading, put } = useNewest(op)
  const reload = (): Promise<void> => put(given(), (answer) => (value.value = answer))
  watch(() => JSON.stringify(given()), reload, { immediate: true })
  return { value, problem, loading, reload }
}

type Paged = { items: unknown[]; next?: string | null }

/** Ask for a list, its first page anew whenever the filters change. */
export function useMany<O extends ListOp>(op: O, given: () => Given<O> | null): Many<O> {
  const rows = shallowRef<Row<O>[]>([])
  const next = ref<string | null>(null)
  const { problem, loading, put } = useNewest(op)

  function page(cursor: string | null): Promise<void> {
    const asked = given()
    return put(asked && withCursor(asked, cursor), (answer) => {
      const { items, next: following } = answer as Paged
      const found = items as Row<O>[]
      rows.value = cursor === null ? found : [...rows.value, ...found]
      next.value = following ?? null
    })
  }

  const reload = (): Promise<void> => page(null)
  watch(() => JSON.stringify(given()), reload, { immediate: true })
  return { rows, next, problem, loading, reload, more: () => page(next.value) }
}

/** Put a question again and again: each one drops the one before, and only the newest is answered. */
function useNewest<O extends Op>(op: O) {
  const problem = shallowRef<Problem | null>(null)
  const loading = ref(false)
  let newest: AbortController | null = null

  async function put(asked: Given<O> | null, take: (answer: Answer<O>) => void): Promise<void> {
    newest?.abort()
    if (asked === null) return
    const mine = (newest = new AbortController())
    loading.value = true
    try {
      const answer = await ask(op, asked, { signal: mine.signal })
      if (mine !== newest) return
      take(answer)
      problem.value = null
    } catch (caught) {
      if (mine === newest && !mine.signal.aborted) problem.value = problemOf(caught)
    } finally {
      if (mine === newest) loading.value = false
    }
  }

  onScopeDispose(() => newest?.abort())
  return { problem, loading, put }
}

/** Walk all pages of what is filtered, for an export; `tell` hears how many rows there are so far. */
export async function everyRow<O extends ListOp>(op: O, given: Given<O>, tell: (rows: number) => void): Promise<Row<O>[]> {
  const rows: Row<O>[] = []
  for (let cursor: string | null = null; ; ) {
    const answer = (await ask(op, withCursor(given, cursor))) as Paged
    rows.push(...(answer.items as Row<O>[]))
    tell(rows.length)
    cursor = answer.next ?? null
    if (cursor === null) return rows
  }
}

function withCursor<O extends ListOp>(given: Given<O>, cursor: string | null): Given<O> {
  if (cursor === null) return given
  return { ...given, query: { ...given.query, cursor } as Filters<O> }
}

interface Deed {
  busy: Ref<boolean>
  problem: ShallowRef<Problem | null>
  /** Runs it; true when it was done. The same key goes out until it was. */
  run: (deed: (key: string) => Promise<unknown>) => Promise<boolean>
}

/** Do something once, however often the button is pressed or the line breaks. */
export function useDeed(): Deed {
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  let key = crypto.randomUUID()

  async function run(deed: (key: string) => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    try {
      await deed(key)
      key = crypto.randomUUID()
      return true
    } catch (caught) {
      problem.value = problemOf(caught)
      if (caught instanceof Refused && !isAway(caught)) key = crypto.randomUUID()
      return false
    } finally {
      busy.value = false
    }
  }

  return { busy, problem, run }
}

/** The field a refusal is about, `$.content.title` as `content.title`; null when it names none. */
export function fieldOf(problem: Problem | null): string | null {
  const path = problem instanceof Refused ? problem.details.path : null
  return typeof path === 'string' && path.startsWith('$.') ? path.slice(2) : null
}

