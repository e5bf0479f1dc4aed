// From when to when is counted, kept in the address; the last thirty days unless something else is chosen.
import { computed } from 'vue'
import { useFilters } from '../../parts/filters'
import { shifted, today } from '../../parts/times'

const LONG_DAYS = 92

export function useSpan() {
  const { filters, reset } = useFilters({ from: shifted(today(), -29), to: today() })
  const query = computed(() => ({ from: filters.from || null, to: filters.to || null }))
  const isLong = computed(() => Date.parse(filters.to || today()) - Date.parse(filters.from || today()) > LONG_DAYS * 86_400_000)
  const firstDay = (): string => `${today().slice(0, 4)}-01-01`
  const isYear = computed(() => filters.from === firstDay() && filters.to === today())
  const chooseYear = (): void => void Object.assign(filters, { from: firstDay(), to: today() })
  return { filters, reset, query, isLong, isYear, chooseYear }
}
