// A name for what opens over the page: Element Plus gives its calendars a role and nothing to be called by.

interface Shown {
  state: { elements: { popper: HTMLElement } }
}

/** Options by which what opens is called this, for whoever hears the page instead of seeing it. */
export function named(name: string) {
  const naming = ({ state }: Shown): void => state.elements.popper.setAttribute('aria-label', name)
  return { modifiers: [{ name: 'named', enabled: true, phase: 'write' as const, fn: naming }] }
}
