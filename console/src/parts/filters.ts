// The filters of a list, kept in the address: they survive a reload and the way back from a detail page.
import { reactive, watch } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router'

type Value = string | string[] | null
export type FilterValues = Record<string, Value>

/** Filters with their values when nothing is chosen; what is as then is not in the address. */
export function useFilters<T extends FilterValues>(unset: T): { filters: T; reset: () => void } {
  const route = useRoute()
  const router = useRouter()
  const filters = reactive(structuredClone(unset)) as T
  const mine = route.path

  function read(): void {
    for (const [name, value] of Object.entries(unset)) {
      const told = route.query[name]
      const text = Array.isArray(told) ? told[0] : told
      ;(filters as FilterValues)[name] = !text ? structuredClone(value) : Array.isArray(value) ? text.split(',') : text
    }
  }

  function query(): LocationQueryRaw {
    const chosen: LocationQueryRaw = { ...route.query }
    for (const [name, value] of Object.entries(filters)) {
      const text = Array.isArray(value) ? value.join(',') : (value ?? '')
      if (text && text !== String(unset[name] ?? '')) chosen[name] = text
      else delete chosen[name]
    }
    return chosen
  }

  read()
  watch(() => route.query, () => route.path === mine && read())
  watch(filters, () => void router.replace({ query: query() }))
  return { filters, reset: () => void Object.assign(filters, structuredClone(unset)) }
}
