// The regions there are; they change only with a release, so all screens share one answer.
import { shallowRef } from 'vue'
import { ask } from '../api/ask'
import { may } from '../api/person'
import type { Schema } from '../api/shapes'
import { problemOf, type Problem } from '../parts/answers'

const regions = shallowRef<Schema['RegionView'][]>([])
const problem = shallowRef<Problem | null>(null)
const loading = shallowRef(false)

async function reload(): Promise<void> {
  loading.value = true
  try {
    const told = may('get_union_rule_vocabulary') ? await ask('get_union_rule_vocabulary', {}) : await ask('get_station_regions', {})
    regions.value = told.regions
    problem.value = null
  } catch (caught) {
    problem.value = problemOf(caught)
  } finally {
    loading.value = false
  }
}

/** The regions by name, fetched when the first screen wants them. */
export function useRegions() {
  if (!regions.value.length && !loading.value) void reload()
  return { regions, problem, loading, reload }
}
