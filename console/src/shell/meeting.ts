// Learning who is in: before the first screen is shown, and again and again while the server cannot be reached.
import { me, meet } from '../api/person'
import { isAway, sentenceOf } from '../api/refusals'
import { present } from '../api/tokens'
import { trouble } from './trouble'

const SOON = 5_000 // milliseconds until it is tried again
const PATIENCE_MS = 5_000 // for a server that does not answer; the screen is shown meanwhile

let next = 0

/** Learn who is in; waits no longer than somebody looks at a white page. */
export async function meetFirst(): Promise<void> {
  await Promise.race([learn(), new Promise((later) => setTimeout(later, PATIENCE_MS))])
}

async function learn(): Promise<void> {
  clearTimeout(next)
  if (!present.union || me.value !== null) return
  try {
    await meet()
    trouble.value = ''
  } catch (caught) {
    trouble.value = sentenceOf(caught)
    if (isAway(caught)) next = window.setTimeout(() => void learn(), SOON)
  }
}

addEventListener('online', () => void learn())
