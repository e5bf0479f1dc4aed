// At which of my stations this desk stands; remembered on this computer.
import { computed, ref, watch } from 'vue'
import { goToStation } from '../../api/person'
import { useOne } from '../../parts/answers'

const KEY = 'inn.station'
const chosen = ref(localStorage.getItem(KEY) ?? '')
const isIn = ref(false)

watch(chosen, (id) => localStorage.setItem(KEY, id))

/** My stations, and the one at which the desk stands. */
export function usePost() {
  const mine = useOne('get_station_me', () => (isIn.value ? {} : null))
  if (!isIn.value) void goToStation().then(() => (isIn.value = true), () => (isIn.value = true))
  const stations = computed(() => mine.value.value?.stations ?? [])
  const stationId = computed({
    get: () => (stations.value.find((each) => each.id === chosen.value) ?? stations.value[0])?.id ?? '',
    set: (id: string) => (chosen.value = id),
  })
  const name = computed(() => stations.value.find((each) => each.id === stationId.value)?.name ?? '')
  return { ...mine, stations, stationId, name }
}
