// Writing on top of a version: when somebody else saved another meanwhile, both are shown and one is chosen.
import { ref, shallowRef } from 'vue'
import { isRefused } from '../../api/refusals'
import { useDeed } from '../../parts/answers'
import type { Difference } from './programmes'

interface Way<T> {
  /** Save on top of a version. */
  put: (version: number, key: string) => Promise<T>
  done: (saved: T) => void
  /** Fetch what somebody else saved. */
  fetch: () => Promise<T>
  differ: (theirs: T) => Difference[]
  /** Go on with theirs instead of what was typed. */
  take: (theirs: T) => void
}

export function useVersions<T extends { version: number }>(first: number, way: Way<T>) {
  const { busy, problem, run } = useDeed()
  const differ = shallowRef<Difference[]>([])
  const isAsking = ref(false)
  let seen = first
  let theirs: T | null = null

  async function save(): Promise<void> {
    const isDone = await run(async (key) => way.done(await way.put(seen, key)))
    if (isDone || !isRefused(problem.value, 'stale_version')) return
    await run(async () => {
      theirs = await way.fetch()
      differ.value = way.differ(theirs)
      isAsking.value = true
    })
  }

  async function keepMine(): Promise<void> {
    seen = theirs?.version ?? seen
    isAsking.value = false
    await save()
  }

  function takeTheirs(): void {
    if (theirs === null) return
    way.take(theirs)
    seen = theirs.version
    isAsking.value = false
  }

  return { busy, problem, differ, isAsking, save, keepMine, takeTheirs }
}
