// The words that rules and regions are told in; they change only with a release, so all screens share one answer.
import { shallowRef } from 'vue'
import { ask } from '../api/ask'
import { problemOf, type Problem } from '../parts/answers'
import type { Words } from './tree'

const words = shallowRef<Words | null>(null)
const problem = shallowRef<Problem | null>(null)
const loading = shallowRef(false)

async function reload(): Promise<void> {
  loading.value = true
  try {
    words.value = await ask('get_union_rule_vocabulary', {})
    problem.value = null
  } catch (caught) {
    problem.value = problemOf(caught)
  } finally {
    loading.value = false
  }
}

/** The words, fetched when the first screen wants them. */
export function useWords() {
  if (words.value === null && !loading.value) void reload()
  return { value: words, problem, loading, reload }
}

/** What a region is called; its code until the names are here, or when it stands no more. */
export function regionName(code: string | null | undefined): string {
  return words.value?.regions.find((region) => region.code === code)?.name ?? code ?? ''
}
