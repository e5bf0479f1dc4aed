// Stretches of which only the start or the end is filled in: the form that holds them waits with saving.
import { computed, inject, onScopeDispose, provide, reactive, watch, type ComputedRef, type InjectionKey } from 'vue'

const HALVES: InjectionKey<Set<symbol>> = Symbol('halves')

/** For a form: whether a stretch in it is only half filled in. */
export function useHalves(): ComputedRef<boolean> {
  const halves = reactive(new Set<symbol>())
  provide(HALVES, halves)
  return computed(() => halves.size > 0)
}

/** For the stretches of a day: tell the form whether one of them is only half filled in. */
export function useHalf(isHalf: () => boolean): void {
  const halves = inject(HALVES)
  if (halves === undefined) return
  const mine = Symbol('day')
  watch(isHalf, (now) => (now ? halves.add(mine) : halves.delete(mine)), { immediate: true })
  onScopeDispose(() => halves.delete(mine))
}
