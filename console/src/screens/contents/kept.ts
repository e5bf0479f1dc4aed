// What was written and not saved yet, kept on this computer by manuscript; nothing typed is ever lost.
import type { Schema } from '../../api/shapes'

/** All that is written of one edition, every field present. */
export type Content = Required<Schema['Content']>

export interface Kept {
  /** The version it was written on top of. */
  version: number
  at: string
  content: Content
}

const KEY = 'inn.writing.'

/** A content as the server gave it, with every field present. */
export function whole(content: Schema['Content']): Content {
  return {
    title: '', topic: null, category: null, level: null, region: '', issuer: '', number: '', tags: [], audience: [], summary: '', body: '', body_format: 'markdown',
    effective_from: null, effective_to: null, valid_to: null, minor: false, benefit: null, rule: null, test_persons: [], ...structuredClone(content),
  }
}

export function keptOf(id: string): Kept | null {
  const told = localStorage.getItem(KEY + id)
  return told === null ? null : (JSON.parse(told) as Kept)
}

/** Keep a copy; false when this computer has no room for it. */
export function keepCopy(id: string, version: number, content: Content): boolean {
  try {
    localStorage.setItem(KEY + id, JSON.stringify({ version, at: new Date().toISOString(), content }))
    return true
  } catch {
    return false
  }
}

export function dropCopy(id: string): void {
  localStorage.removeItem(KEY + id)
}

/** The fields in which two contents differ. */
export function differing(one: Content, other: Content): (keyof Content)[] {
  return (Object.keys(one) as (keyof Content)[]).filter((field) => JSON.stringify(one[field]) !== JSON.stringify(other[field]))
}
