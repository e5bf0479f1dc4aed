// What is wrong with the line between this desk and the server, for the bar on top.
import { ref } from 'vue'

/** A sentence while something keeps the whole console from working. */
export const trouble = ref('')

/** Whether the browser has a network at all. */
export const isOnline = ref(navigator.onLine)

addEventListener('online', () => (isOnline.value = true))
addEventListener('offline', () => (isOnline.value = false))
