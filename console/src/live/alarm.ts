// The sound of an alarm, and a voice that reads an answer aloud; browsers allow both only after a click.

let context: AudioContext | null = null
let ringing = 0

/** Let this page make sounds; to be called from a click. */
export async function allowSound(): Promise<void> {
  context ??= new AudioContext()
  await context.resume()
}

export function maySound(): boolean {
  return context?.state === 'running'
}

/** Ring until told to stop; ringing twice is ringing once. */
export function ring(): void {
  if (ringing) return
  beep()
  ringing = window.setInterval(beep, 1_200)
}

export function hush(): void {
  clearInterval(ringing)
  ringing = 0
}

function beep(): void {
  if (!context || context.state !== 'running') return
  for (const [offset, pitch] of [[0, 880], [0.3, 660], [0.6, 880]] as const) {
    const tone = new OscillatorNode(context, { type: 'square', frequency: pitch })
    const volume = new GainNode(context, { gain: 0.2 })
    tone.connect(volume).connect(context.destination)
    tone.start(context.currentTime + offset)
    tone.stop(context.currentTime + offset + 0.25)
  }
}

/** Read a sentence aloud where the browser has a voice; it breaks off the one before, or follows it. */
export function say(sentence: string, { follows = false } = {}): void {
  if (!('speechSynthesis' in window)) return
  if (!follows) speechSynthesis.cancel()
  const words = new SpeechSynthesisUtterance(sentence)
  words.lang = 'zh-CN'
  speechSynthesis.speak(words)
}
