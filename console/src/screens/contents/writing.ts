// Writing one manuscript: saved a few seconds after the last key, one deed after another, never over somebody else's words.
import { computed, onBeforeUnmount, onMounted, reactive, ref, shallowRef, watch } from 'vue'
import { ask } from '../../api/ask'
import { may } from '../../api/person'
import { isRefused } from '../../api/refusals'
import type { Answer, Schema } from '../../api/shapes'
import { problemOf, type Problem } from '../../parts/answers'
import { flawsOf, type Flaw } from '../../rules/flaws'
import { dropCopy, keepCopy, keptOf, whole, type Content, type Kept } from './kept'

export type View = Answer<'get_union_manuscripts_manuscript_id'>
type How = 'saved' | 'waiting' | 'saving' | 'failed'

const QUIET_MS = 3000 // after the last key
const COPY_MS = 300

export function useWriting(id: string) {
  const view = shallowRef<View | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const loading = ref(false)
  const form = reactive(whole({})) as Content
  const how = ref<How>('saved')
  const trouble = shallowRef<Problem | null>(null)
  const flaws = ref<Flaw[]>([]) // of the rule, which is not kept until it makes sense
  const conflict = shallowRef<{ version: number; base: Content; theirs: Content; ours: Content } | null>(null)
  const offered = shallowRef<Kept | null>(null)
  const round = ref(0) // grows when the words are put in from outside, so that editors begin anew
  const files = shallowRef<View['attachments']>([])

  let version = 0
  let saved = ''
  let quiet = 0
  let copying = 0
  let chain: Promise<unknown> = Promise.resolve()

  const mayWrite = computed(() => may('put_union_manuscripts_manuscript_id') && (view.value?.state === 'draft' || view.value?.state === 'rejected'))
  const isDirty = (): boolean => mayWrite.value && JSON.stringify(form) !== saved

  function put(content: Content): void {
    Object.assign(form, structuredClone(content))
    round.value += 1
  }

  function take(answer: View): void {
    view.value = answer
    version = answer.lock_version
    files.value = answer.attachments
  }

  async function load(): Promise<void> {
    loading.value = true
    try {
      const answer = await ask('get_union_manuscripts_manuscript_id', { path: { manuscript_id: id } })
      take(answer)
      const content = whole(answer.content)
      saved = JSON.stringify(content)
      put(content)
      const kept = mayWrite.value ? keptOf(id) : null
      offered.value = kept !== null && JSON.stringify(kept.content) !== saved ? kept : null
      problem.value = null
    } catch (caught) {
      problem.value = problemOf(caught)
    } finally {
      loading.value = false
    }
  }

  /** One deed after another: each changes the version the next is done on top of. */
  function inTurn<T>(deed: (version: number) => Promise<T>): Promise<T> {
    const mine = chain.then(() => deed(version))
    chain = mine.catch(() => undefined)
    return mine
  }

  const save = (): Promise<boolean> => inTurn(saveNow)

  async function saveNow(): Promise<boolean> {
    clearTimeout(quiet)
    if (!isDirty() || conflict.value !== null) return conflict.value === null
    how.value = 'saving'
    const content = structuredClone(JSON.parse(JSON.stringify(form)) as Content)
    try {
      try {
        take(await sent(content))
        flaws.value = []
      } catch (caught) {
        if (!isRefused(caught, 'bad_rule')) throw caught
        flaws.value = flawsOf(caught)
        take(await sent({ ...content, rule: whole(view.value?.content ?? {}).rule }))
      }
      saved = JSON.stringify(content)
      trouble.value = null
      how.value = 'saved'
      if (flaws.value.length) keepCopy(id, version, content)
      else if (!isDirty()) dropCopy(id)
      if (isDirty()) wait()
      return true
    } catch (caught) {
      fail(problemOf(caught), content)
      return false
    }
  }

  function sent(content: Content): Promise<View> {
    return ask('put_union_manuscripts_manuscript_id', { path: { manuscript_id: id }, body: { lock_version: version, content } })
  }

  function fail(caught: Problem, ours: Content): void {
    how.value = 'failed'
    trouble.value = caught
    keepCopy(id, version, ours)
    if (isRefused(caught, 'stale_version')) {
      const told = caught.details as { lock_version: number; current: Schema['Content'] }
      conflict.value = { version: told.lock_version, base: whole(view.value?.content ?? {}), theirs: whole(told.current), ours }
    }
  }

  function wait(): void {
    how.value = 'waiting'
    clearTimeout(quiet)
    quiet = window.setTimeout(() => void save(), QUIET_MS)
  }

  /** Go on with what was chosen of two versions. */
  async function settle(chosen: Content): Promise<void> {
    const open = conflict.value
    if (open === null) return
    version = open.version
    saved = JSON.stringify(open.theirs)
    conflict.value = null
    put(chosen)
    if (JSON.stringify(form) === saved) {
      dropCopy(id)
      how.value = 'saved'
      trouble.value = null
      await load()
    } else await save()
  }

  /** Put back what was kept on this computer; on top of a newer version it is a conflict. */
  function takeOffered(): void {
    const kept = offered.value
    offered.value = null
    if (kept === null || view.value === null) return
    const theirs = whole(view.value.content)
    if (kept.version === version) put(kept.content)
    else conflict.value = { version, base: theirs, theirs, ours: kept.content }
  }

  function refuseOffered(): void {
    offered.value = null
    dropCopy(id)
  }

  watch(form, () => {
    if (!isDirty() || offered.value !== null) return
    wait()
    clearTimeout(copying)
    copying = window.setTimeout(() => isDirty() && keepCopy(id, version, form), COPY_MS)
  }, { deep: true })

  function beforeUnload(event: BeforeUnloadEvent): void {
    if (!isDirty()) return
    keepCopy(id, version, form)
    event.preventDefault()
  }

  onMounted(() => {
    addEventListener('beforeunload', beforeUnload)
    void load()
  })
  onBeforeUnmount(() => {
    removeEventListener('beforeunload', beforeUnload)
    clearTimeout(quiet)
    clearTimeout(copying)
    if (isDirty()) keepCopy(id, version, form)
  })

  return { id, view, problem, loading, form, how, trouble, flaws, conflict, offered, round, files, mayWrite, isDirty, load, take, put, save, inTurn, settle, takeOffered, refuseOffered, carry: (told: Answer<'get_union_manuscripts_manuscript_id_attachments'>) => { version = told.lock_version; files.value = told.items } }
}

export type Writing = ReturnType<typeof useWriting>
