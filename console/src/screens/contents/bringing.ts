// Bringing words in from elsewhere: a file or what was pasted, cleaned by the server, with what was left out.
import { ask } from '../../api/ask'
import type { Answer } from '../../api/shapes'

export type Brought = Answer<'post_union_imports'>

const SORTS: Record<string, string> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', html: 'text/html', htm: 'text/html', md: 'text/markdown', markdown: 'text/markdown',
}

/** What the file chooser offers. */
export const SUFFIXES = '.docx,.html,.htm,.md'

/** Why a file cannot be brought in, before it is sent; nothing when it may. */
export function unfit(file: File): string {
  if (sortOf(file.name) === undefined) return '只能导入 .docx、.html、.md 文件；旧版 .doc 请先在 Word 或 WPS 中另存为 .docx。'
  return file.size > 20 * 1024 * 1024 ? '文件超过20 MB，请压缩图片或拆分后再导入。' : ''
}

function sortOf(name: string): string | undefined {
  return SORTS[name.split('.').at(-1)?.toLowerCase() ?? '']
}

export function bringFile(file: File): Promise<Brought> {
  return ask('post_union_imports', { body: file.slice(0, file.size, sortOf(file.name) ?? file.type) })
}

export function bring(text: string, sort: 'text/html' | 'text/markdown'): Promise<Brought> {
  return ask('post_union_imports', { body: new Blob([text], { type: sort }) })
}

/** The report in one line. */
export function report(brought: Brought): string {
  if (!brought.dropped.length) return '内容已全部保留，字体颜色按手机样式显示。'
  return brought.dropped.map((each) => `${each.message}（${each.count}处）`).join(' ')
}
