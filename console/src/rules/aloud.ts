// A rule read aloud: its conditions in the editor's own words, joined as the rule joins them.
import type { Raw } from './tree'

export interface Line {
  depth: number
  text: string
  cites: string
}

/** The lines of a rule, deeper ones further in. */
export function linesOf(rule: Raw | null | undefined, depth = 0): Line[] {
  if (!rule) return []
  if (Array.isArray(rule.all)) return joined('以下各项都要符合：', rule.all as Raw[], depth)
  if (Array.isArray(rule.any)) return joined('以下各项符合一项即可：', rule.any as Raw[], depth)
  if (rule.not) return joined('以下情况除外：', [rule.not as Raw], depth)
  return [{ depth, text: String(rule.says ?? ''), cites: String(rule.cites ?? '') }]
}

function joined(text: string, parts: Raw[], depth: number): Line[] {
  return [{ depth, text, cites: '' }, ...parts.flatMap((part) => linesOf(part, depth + 1))]
}
