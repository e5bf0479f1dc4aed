// What a line of the synonym table means, in words.

export interface Line {
  terms: string[]
  from: string | null
  to: string[]
}

const quoted = (words: readonly string[]): string => words.map((word) => `“${word}”`).join('、')

export function meaning(line: Line): string {
  if (line.terms.length > 1) return `搜其中任何一个，都会找到写着${quoted(line.terms)}的内容。`
  if (line.terms.length === 1) return '请再写至少一个同义的词。'
  if (!line.from || !line.to.length) return '写好后，这里会说明它的意思。'
  return `搜“${line.from}”，也会找到写着${quoted(line.to)}的内容；反过来不会。`
}

/** The words of a line as people type them. */
export function wordsOf(text: string): string[] {
  return [...new Set(text.split(/[、,，;；\s]+/).map((word) => word.trim()).filter(Boolean))]
}
