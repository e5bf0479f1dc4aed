// What can come back instead of an answer; the sentence is the server's own.

/** The server said no. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown>,
    readonly trace: string,
    readonly retryAfter: number | null,
  ) {
    super(message)
  }
}

/** Nothing came back: no network, or no server. */
export class Unreachable extends Error {
  constructor() {
    super('网络连接中断，请检查网络后重试，已填写的内容不会丢失。')
  }
}

/** Whoever was asked to sign in again did not. */
export class LeftAlone extends Error {
  constructor() {
    super('登录已取消，请重新登录后再操作。')
  }
}

interface Told {
  code?: string
  message?: string
  details?: Record<string, unknown>
  trace?: string
}

/** Read a refusal out of an answer; one that is not ours still gets a sentence. */
export async function refusalOf(answer: Response): Promise<Refused> {
  const told = await answer.json().then((body: unknown) => body as Told, () => ({}) as Told)
  const wait = Number(answer.headers.get('Retry-After'))
  const sentence = told.message ?? `服务暂时没有回应（${answer.status}），请稍后重试。`
  return new Refused(answer.status, told.code ?? 'unknown', sentence, told.details ?? {}, told.trace ?? '', wait || null)
}

/** Whether this is the server's no of this code. */
export function isRefused(problem: unknown, code: string): problem is Refused {
  return problem instanceof Refused && problem.code === code
}

const AWAY = new Set([502, 503, 504]) // what a proxy says of a server that is not there

/** Whether neither yes nor no was said: nobody was reached, or the first try is still being worked on. */
export function isAway(problem: unknown): boolean {
  return problem instanceof Unreachable || (problem instanceof Refused && (AWAY.has(problem.status) || problem.code === 'in_progress'))
}

/** The sentence to show for whatever was caught; what is no refusal is thrown on. */
export function sentenceOf(problem: unknown): string {
  if (problem instanceof Refused || problem instanceof Unreachable || problem instanceof LeftAlone) return problem.message
  throw problem
}
