// At which of my stations this desk stands; remembered on this computer.
import { computed, ref, watch } from 'vue'
import { known, remember } from '../../api/known'
import { goToStation } from '../../api/person'
import { isAway } from '../../api/refusals'
import { onChange } from '../../live/station'
import { useOne } from '../../parts/answers'

const KEY = 'inn.station'
const chosen = ref(localStorage.getItem(KEY) ?? '')
const isIn = ref(false)

watch(chosen, (id) => localStorage.setItem(KEY, id))

/** My stations, and the one at which the desk stands; until the server says, those it said last. */
export function usePost() {
  const mine = useOne('get_station_me', () => (isIn.value ? {} : null))
  if (!isIn.value) void goToStation().then(() => (isIn.value = true), () => (isIn.value = true))
  watch(mine.value, (told) => told && remember({ stations: told.stations.map(({ id, name }) => ({ id, name })) }))
  onChange((change) => change === null && mine.problem.value !== null && void mine.reload())
  const stations = computed(() => mine.value.value?.stations ?? known.value?.stations ?? [])
  const problem = computed(() => (stations.value.length && isAway(mine.problem.value) ? null : mine.problem.value))
  const stationId = computed({
    get: () => (stations.value.find((each) => each.id === chosen.value) ?? stations.value[0])?.id ?? '',
    set: (id: string) => (chosen.value = id),
  })
  const name = computed(() => stations.value.find((each) => each.id === stationId.value)?.name ?? '')
  return { ...mine, problem, stations, stationId, name }
}
