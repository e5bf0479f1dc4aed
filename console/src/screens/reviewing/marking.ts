// What changed within one clause: the middle between a common beginning and a common end.

export interface Marked {
  head: string
  was: string
  now: string
  tail: string
}

/** Split two versions of a clause; astral characters stay whole. */
export function marked(before: string, after: string): Marked {
  const [was, now] = [[...before], [...after]]
  const most = Math.min(was.length, now.length)
  let start = 0
  while (start < most && was[start] === now[start]) start++
  let end = 0
  while (end < most - start && was[was.length - 1 - end] === now[now.length - 1 - end]) end++
  return {
    head: now.slice(0, start).join(''),
    was: was.slice(start, was.length - end).join(''),
    now: now.slice(start, now.length - end).join(''),
    tail: now.slice(now.length - end).join(''),
  }
}
