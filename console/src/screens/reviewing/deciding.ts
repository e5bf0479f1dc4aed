// A decision about the version that was read; when somebody changed it since, both versions are kept to be shown.
import { ElMessage } from 'element-plus'
import { shallowRef, type Ref, type ShallowRef } from 'vue'
import { isRefused } from '../../api/refusals'
import type { Schema } from '../../api/shapes'
import { useDeed, type Problem } from '../../parts/answers'
import type { Content } from './telling'

export type Manuscript = Schema['ManuscriptView']
type Act = (version: number, key: string) => Promise<Manuscript>

/** What stands there now, and what would be decided about it. */
export interface Stale {
  version: number | null
  current: Content | null
  again: () => Promise<boolean>
}

interface Decision {
  busy: Ref<boolean>
  problem: ShallowRef<Problem | null>
  stale: ShallowRef<Stale | null>
  decide: (said: string, act: Act) => Promise<boolean>
}

export function useDecision(read: () => Manuscript, done: (after: Manuscript) => void): Decision {
  const { busy, problem, run } = useDeed()
  const stale = shallowRef<Stale | null>(null)

  async function decide(said: string, act: Act, version = read().lock_version): Promise<boolean> {
    let after: Manuscript | null = null
    const isDone = await run(async (key) => (after = await act(version, key)))
    stale.value = isDone ? null : staleOf(problem.value, (newer) => decide(said, act, newer))
    if (stale.value) problem.value = null
    if (isDone && after) {
      ElMessage.success(said)
      done(after)
    }
    return isDone
  }

  return { busy, problem, stale, decide: (said, act) => decide(said, act) }
}

function staleOf(problem: Problem | null, again: (version: number) => Promise<boolean>): Stale | null {
  if (!isRefused(problem, 'stale_version')) return null
  const version = typeof problem.details.lock_version === 'number' ? problem.details.lock_version : null
  const current = (problem.details.current as Content | undefined) ?? null
  return { version, current, again: async () => (version === null ? false : again(version)) }
}
