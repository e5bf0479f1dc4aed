// The part of the tree that is within somebody's reach, and where in it somebody may do something.
import { shallowRef } from 'vue'
import { reachOf } from '../api/person'
import type { Op, Row } from '../api/shapes'
import { everyRow, problemOf, type Problem } from './answers'

export type Unit = Row<'get_union_units'>
export interface Branch extends Unit {
  children: Branch[]
}

const PAGE = 50
/** All units within reach that were fetched. */
export const units = shallowRef<Unit[]>([])
const problem = shallowRef<Problem | null>(null)
const loading = shallowRef(false)

/** Fetch the units anew; all that shows them changes with it. */
async function reload(): Promise<void> {
  loading.value = true
  try {
    units.value = await everyRow('get_union_units', { query: { limit: PAGE } }, () => undefined)
    problem.value = null
  } catch (caught) {
    problem.value = problemOf(caught)
  } finally {
    loading.value = false
  }
}

/** The units within reach, fetched when a screen is opened. */
export function useUnits() {
  void reload()
  return { units, problem, loading, reload }
}

/** The name of a unit; one out of reach has none here. */
export function nameOf(id: string | null | undefined): string {
  if (!id) return '—'
  return units.value.find((unit) => unit.id === id)?.name ?? '本级以外的组织'
}

/** The units as a tree; what hangs under nothing within reach is a root. */
export function branches(): Branch[] {
  const all = new Map(units.value.map((unit) => [unit.id, { ...unit, children: [] as Branch[] }]))
  const roots: Branch[] = []
  for (const unit of all.values()) {
    const above = unit.parent_id === null ? undefined : all.get(unit.parent_id)
    ;(above?.children ?? roots).push(unit)
  }
  return roots
}

/** Whether a unit is one of these or below one of them. */
export function isUnder(id: string, tops: readonly string[]): boolean {
  const parents = new Map(units.value.map((unit) => [unit.id, unit.parent_id]))
  for (let at: string | null | undefined = id; at; at = parents.get(at)) if (tops.includes(at)) return true
  return false
}

/** The units where somebody may do an operation; `steps` is how far below the tops of their reach. */
export function under(op: Op, steps = Infinity): Unit[] {
  const tops = reachOf(op).map((unit) => unit.id)
  const near = steps === Infinity ? null : (unit: Unit) => tops.includes(unit.id) || (steps > 0 && unit.parent_id !== null && tops.includes(unit.parent_id))
  return units.value.filter((unit) => (near ? near(unit) : isUnder(unit.id, tops)))
}
