// The worker that opens the console without a network, and whether the server has a newer build than this page.
import { ref } from 'vue'

const LATER_MS = 3_000 // the first screen has the line to itself
const LOOK_MS = 3_600_000 // between two looks; a desk is open for weeks

/** Whether the server has another build; it is taken when somebody says so, never from under their hands. */
export const isRenewed = ref(false)

const BUILD = /<meta name="build" content="(\w+)">/
const ours = document.querySelector<HTMLMetaElement>('meta[name="build"]')?.content

async function look(): Promise<void> {
  try {
    const page = await (await fetch('./', { cache: 'no-cache' })).text()
    const theirs = BUILD.exec(page)?.[1] // none where it is somebody else's page, or a sentence of a proxy
    if (theirs !== undefined) isRenewed.value = theirs !== ours
  } catch (problem) {
    console.warn(problem)
  }
}

/** Have the worker, once what is on the screen has come; without https there is none. */
function begin(): void {
  navigator.serviceWorker?.register('./worker.js', { updateViaCache: 'none' }).catch(console.warn)
  setInterval(() => void look(), LOOK_MS)
  addEventListener('online', () => void look())
}

if (import.meta.env.PROD) addEventListener('load', () => setTimeout(begin, LATER_MS))
