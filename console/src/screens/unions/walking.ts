// A tree walked by keys as trees are everywhere: arrows open, close and step, Enter chooses.

const ITEM = '[role="treeitem"]'

type Step = (item: HTMLElement, isOpen: boolean) => void

const turn: Step = (item) => item.querySelector<HTMLElement>('.el-tree-node__expand-icon')?.click()
const stepIn: Step = (item) => item.querySelector<HTMLElement>(`[role="group"] ${ITEM}`)?.focus()
const stepOut: Step = (item) => item.parentElement?.closest<HTMLElement>(ITEM)?.focus()
const choose: Step = (item) => item.click()

const isLeaf = (item: HTMLElement): boolean => item.querySelector(ITEM) === null

const KEYS: Record<string, Step> = {
  ArrowRight: (item, isOpen) => !isLeaf(item) && (isOpen ? stepIn : turn)(item, isOpen),
  ArrowLeft: (item, isOpen) => (isOpen && !isLeaf(item) ? turn : stepOut)(item, isOpen),
  Enter: choose,
  ' ': choose,
}

/** Take the keys before Element Plus does, which chooses by an arrow and by nothing else. */
export function walkTree(event: KeyboardEvent): void {
  const item = event.target
  const step = KEYS[event.key]
  if (!step || !(item instanceof HTMLElement) || !item.matches(ITEM)) return
  event.preventDefault()
  event.stopPropagation()
  step(item, item.getAttribute('aria-expanded') === 'true')
}
