// Whether the window is as narrow as a phone's, however large the type.
import { onScopeDispose, ref, type Ref } from 'vue'

/** True while it is. */
export function useNarrow(): Ref<boolean> {
  const small = matchMedia('(max-width: 700px)')
  const isNarrow = ref(small.matches)
  const fit = (): void => void (isNarrow.value = small.matches)
  small.addEventListener('change', fit)
  onScopeDispose(() => small.removeEventListener('change', fit))
  return isNarrow
}
