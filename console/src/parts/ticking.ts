// What goes on by itself while a part of the screen is shown: a clock, and looking again.
import { onScopeDispose, ref, type Ref } from 'vue'

const SECOND = 1000

/** Do something again and again until the part is gone. */
export function every(milliseconds: number, deed: () => void): void {
  const timer = window.setInterval(deed, milliseconds)
  onScopeDispose(() => clearInterval(timer))
}

/** This moment, second by second. */
export function useNow(): Ref<number> {
  const now = ref(Date.now())
  every(SECOND, () => (now.value = Date.now()))
  return now
}
