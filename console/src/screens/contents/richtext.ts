// What the editor holds, as the few tags that readers are shown: nothing is ever styled.
export interface Leaf { text: string; bold?: boolean; italic?: boolean; code?: boolean }
export interface Element { type: string; children: Piece[]; ordered?: boolean; level?: number; isHeader?: boolean; hidden?: boolean }
export type Piece = Leaf | Element

const BLOCKS: Record<string, string> = { paragraph: 'p', header1: 'h2', header2: 'h2', header3: 'h3', header4: 'h4', header5: 'h4', header6: 'h4', blockquote: 'blockquote' }
const isLeaf = (piece: Piece): piece is Leaf => 'text' in piece

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\n', '<br>')
}

function inline(pieces: Piece[]): string {
  return pieces.map((piece) => {
    if (!isLeaf(piece)) return inline(piece.children)
    if (!piece.text) return ''
    let html = escaped(piece.text)
    if (piece.code) html = `<code>${html}</code>`
    if (piece.italic) html = `<em>${html}</em>`
    if (piece.bold) html = `<strong>${html}</strong>`
    return html
  }).join('')
}

/** Items of a list stand flat in the editor, each with its level; here they lie in each other. */
function listed(items: Element[]): string {
  const [first] = items
  if (first === undefined) return ''
  const level = first.level ?? 0
  const tag = first.ordered ? 'ol' : 'ul'
  let html = ''
  for (let at = 0; at < items.length; ) {
    let end = at + 1
    while (end < items.length && (items[end]?.level ?? 0) > level) end += 1
    html += `<li>${inline(items[at]?.children ?? [])}${listed(items.slice(at + 1, end))}</li>`
    at = end
  }
  return `<${tag}>${html}</${tag}>`
}

function table(rows: Piece[]): string {
  const row = (each: Piece): string => {
    if (isLeaf(each)) return ''
    const cells = each.children.map((cell) => {
      if (isLeaf(cell) || cell.hidden) return ''
      const tag = cell.isHeader ? 'th' : 'td'
      return `<${tag}>${inline(cell.children)}</${tag}>`
    })
    return `<tr>${cells.join('')}</tr>`
  }
  return `<table><tbody>${rows.map(row).join('')}</tbody></table>`
}

/** The HTML of what the editor holds; nothing at all when there are no words in it. */
export function htmlOf(pieces: Piece[]): string {
  let html = ''
  for (let at = 0; at < pieces.length; at += 1) {
    const piece = pieces[at]
    if (piece === undefined || isLeaf(piece)) continue
    if (piece.type === 'list-item') {
      const items: Element[] = []
      for (let next = pieces[at]; next !== undefined && !isLeaf(next) && next.type === 'list-item' && (next.ordered ?? false) === (piece.ordered ?? false); next = pieces[++at]) items.push(next)
      at -= 1
      html += listed(items)
    } else if (piece.type === 'table') html += table(piece.children)
    else if (piece.type === 'divider') html += '<hr>'
    else {
      const tag = BLOCKS[piece.type] ?? 'p'
      html += `<${tag}>${inline(piece.children) || '<br>'}</${tag}>`
    }
  }
  return wordsOf(html) || html.includes('<table>') ? html.replace(/(<p><br><\/p>)+$/, '') : ''
}

/** Only the words of an HTML text, one line a block. */
export function wordsOf(html: string): string {
  const spaced = html.replace(/<\/(p|h[2-4]|li|tr|blockquote)>|<br>/g, '$&\n').replace(/<\/t[dh]>/g, '$& ')
  const page = new DOMParser().parseFromString(spaced, 'text/html')
  return (page.body.textContent ?? '').replace(/\n\s*\n+/g, '\n').trim()
}

/** Clean HTML as this page may show it: no inline style gets past the page's own rules. */
export function shownHtml(html: string): string {
  const page = new DOMParser().parseFromString(html.replace(/\sstyle="[^"]*"/g, ''), 'text/html')
  for (const each of page.querySelectorAll('[style]')) each.removeAttribute('style')
  return page.body.innerHTML
}
