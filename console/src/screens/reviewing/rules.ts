// A rule read aloud: its conditions in the editor's own words, joined as the rule joins them.

export interface Line {
  depth: number
  text: string
  cites: string
}

type Node = Record<string, unknown>

/** The lines of a rule, deeper ones further in. */
export function linesOf(rule: Node | null | undefined, depth = 0): Line[] {
  if (!rule) return []
  if (Array.isArray(rule.all)) return joined('以下各项都要符合：', rule.all as Node[], depth)
  if (Array.isArray(rule.any)) return joined('以下各项符合一项即可：', rule.any as Node[], depth)
  if (rule.not) return joined('以下情况除外：', [rule.not as Node], depth)
  return [{ depth, text: String(rule.says ?? ''), cites: String(rule.cites ?? '') }]
}

function joined(text: string, parts: Node[], depth: number): Line[] {
  return [{ depth, text, cites: '' }, ...parts.flatMap((part) => linesOf(part, depth + 1))]
}

export interface TestPerson {
  name?: string
  expects?: string
  facts?: Record<string, unknown>
}

/** A place in the list of test persons, read off a path such as $[2].facts; -1 when it is about all. */
export function placeOf(path: string): number {
  const found = /^\$\[(\d+)\]/.exec(path)
  return found ? Number(found[1]) : -1
}
