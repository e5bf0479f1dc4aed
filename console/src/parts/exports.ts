// A list as a spreadsheet on this computer, named with the time.
import { stamp } from './times'

export interface Column<T> {
  key: string
  title: string
  width?: number
  /** The cell in words; what the table shows and what an export writes. */
  text: (row: T) => string
  /** Not shown until somebody chooses it. */
  isHidden?: boolean
}

/** Write rows as 名称_YYYYMMDDHHmmss.xlsx; all cells are text, so that nothing is taken for a formula. */
export async function download<T>(name: string, columns: Column<T>[], rows: T[]): Promise<void> {
  const { default: writeXlsxFile } = await import('write-excel-file/browser')
  const head = columns.map((column) => ({ value: column.title, fontWeight: 'bold' as const }))
  const body = rows.map((row) => columns.map((column) => ({ type: String, value: column.text(row) })))
  const blob = await writeXlsxFile([head, ...body], { stickyRowsCount: 1 }).toBlob()
  save(blob, `${name}_${stamp()}.xlsx`)
}

/** Hand a file to the browser to keep. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
