// How large everything is on this computer: standard, large, very large.
import { ref, watch } from 'vue'

const KEY = 'inn.size'
export const SIZES = [['标准', 1], ['大字', 1.25], ['特大', 1.5]] as const

export const size = ref(Number(localStorage.getItem(KEY)) || 1)

watch(size, (chosen) => {
  document.documentElement.style.setProperty('zoom', String(chosen))
  document.documentElement.style.setProperty('--size', String(chosen)) // for what is as high as the window
  localStorage.setItem(KEY, String(chosen))
}, { immediate: true })
