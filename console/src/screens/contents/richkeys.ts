// The keys of the rich text: Tab goes on instead of writing blanks; its tools are one stop, walked by arrows.
import type { IDomEditor } from '@wangeditor-next/editor'

const STEPS: Record<string, (at: number, last: number) => number> = {
  ArrowRight: (at, last) => (at === last ? 0 : at + 1),
  ArrowLeft: (at, last) => (at === 0 ? last : at - 1),
  Home: () => 0,
  End: (_, last) => last,
}

/** Take the keys of a text and of the tools above it; Alt+F10 goes to the tools, Escape back. */
export function takeKeys(editor: IDomEditor, bar: HTMLElement, area: HTMLElement): void {
  let stop = 0
  const tools = (): HTMLElement[] => [...bar.querySelectorAll<HTMLElement>('button')]

  function stopAt(at: number): void {
    stop = at
    tools().forEach((tool, place) => (tool.tabIndex = place === at ? 0 : -1))
  }

  function walk(event: KeyboardEvent): void {
    const all = tools()
    const step = STEPS[event.key]?.(stop, all.length - 1)
    if (step === undefined && event.key !== 'Escape') return
    event.preventDefault()
    if (step === undefined) editor.restoreSelection()
    else all[step]?.focus()
  }

  function leave(event: KeyboardEvent): void {
    if (event.key === 'Tab' && !event.ctrlKey && !event.altKey) event.stopPropagation()
    if (event.key !== 'F10' || !event.altKey) return
    event.preventDefault()
    tools()[stop]?.focus()
  }

  stopAt(0)
  bar.addEventListener('focusin', (event) => stopAt(Math.max(0, tools().indexOf(event.target as HTMLElement))))
  bar.addEventListener('keydown', walk)
  area.addEventListener('keydown', leave, true)
}
