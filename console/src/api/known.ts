// What this computer knows of whoever is in without asking: their name, and where they serve. It goes with their tokens.
import { computed, ref, watch } from 'vue'
import { owner } from './tokens'

interface Known {
  id: string
  name: string
  stations: { id: string; name: string }[]
}

const KEY = 'inn.known'
const read = (): Known | null => JSON.parse(localStorage.getItem(KEY) ?? 'null') as Known | null
const kept = ref(read())

/** What is known of whoever is in; nothing of anybody else. */
export const known = computed(() => (kept.value !== null && kept.value.id === owner.value ? kept.value : null))

/** Remember of whoever is in what the server said of them. */
export function remember(told: Partial<Omit<Known, 'id'>>): void {
  if (!owner.value) return
  kept.value = read() // another tab may know more
  kept.value = { name: '', stations: [], ...known.value, ...told, id: owner.value }
  localStorage.setItem(KEY, JSON.stringify(kept.value))
}

watch(owner, (id) => {
  if (id === kept.value?.id) return
  kept.value = null
  localStorage.removeItem(KEY)
}, { immediate: true, flush: 'sync' })
