// A scanner gun: a keyboard that types very fast and ends with Enter, also under a Chinese input method.

const SHIFTED: Record<string, string> = {
  Digit1: '!', Digit2: '@', Digit3: '#', Digit4: '$', Digit5: '%', Digit6: '^', Digit7: '&', Digit8: '*', Digit9: '(', Digit0: ')',
  Minus: '_', Equal: '+', Semicolon: ':', Quote: '"', Comma: '<', Period: '>', Slash: '?', Backslash: '|', BracketLeft: '{', BracketRight: '}',
}
const PLAIN: Record<string, string> = {
  Minus: '-', Equal: '=', Semicolon: ';', Quote: "'", Comma: ',', Period: '.', Slash: '/', Backslash: '\\', BracketLeft: '[', BracketRight: ']', Space: ' ',
}

const GAP = 100 // milliseconds between two keys; a person is slower
const SHORTEST = 12 // characters; no code of ours is shorter

/** The character of a key. Under an input method `key` is "Process": the physical key tells. */
export function characterOf({ key, code, shiftKey }: Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey'>): string {
  if (key.length === 1 && key >= ' ' && key <= '~') return key
  const letter = /^Key([A-Z])$/.exec(code)?.[1]
  if (letter) return shiftKey ? letter : letter.toLowerCase()
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)
  if (digit && !(shiftKey && code.startsWith('Digit'))) return digit[1] ?? ''
  return (shiftKey ? SHIFTED : PLAIN)[code] ?? ''
}

/** Hear scanned codes anywhere on the page; returns how to stop. What a person types is left alone. */
export function hearScanner(heard: (code: string) => void): () => void {
  let typed = ''
  let last = 0
  function hear(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(Shift|CapsLock)/.test(event.code)) return
    if (event.timeStamp - last > GAP) typed = ''
    last = event.timeStamp // when the key went down, not when a busy page came to it
    if (event.code !== 'Enter' && event.code !== 'NumpadEnter') {
      typed += characterOf(event)
      return
    }
    const code = typed
    typed = ''
    if (code.length < SHORTEST) return
    event.preventDefault()
    event.stopPropagation()
    heard(code)
  }
  addEventListener('keydown', hear, true)
  return () => removeEventListener('keydown', hear, true)
}
