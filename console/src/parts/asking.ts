// Questions put to a person before a deed: why, or whether really.
import { ElMessageBox } from 'element-plus'

const WENT_BACK = new Set<unknown>(['cancel', 'close'])

/** Ask for a reason; null when they thought better of it. */
export async function askReason(title: string, { least = 2, most = 200, hint = '请写明原因' } = {}): Promise<string | null> {
  try {
    const told = await ElMessageBox.prompt(hint, title, {
      inputType: 'textarea',
      inputValidator: (text) => {
        const length = (text ?? '').trim().length
        return length < least ? `至少写${least}个字` : length > most ? `不超过${most}个字` : true
      },
      confirmButtonText: '确定',
      cancelButtonText: '取消',
    })
    return told.value.trim()
  } catch (told) {
    if (WENT_BACK.has(told)) return null
    throw told
  }
}

/** Ask which of two; null when they thought better of it. */
export async function askWhich(title: string, text: string, first: string, second: string): Promise<'first' | 'second' | null> {
  try {
    await ElMessageBox.confirm(text, title, { confirmButtonText: first, cancelButtonText: second, distinguishCancelAndClose: true, type: 'warning' })
    return 'first'
  } catch (told) {
    if (WENT_BACK.has(told)) return told === 'cancel' ? 'second' : null
    throw told
  }
}

/** Ask whether really; what follows is said in the text. */
export async function askWhether(title: string, text: string, yes = '确定'): Promise<boolean> {
  try {
    await ElMessageBox.confirm(text, title, { confirmButtonText: yes, cancelButtonText: '取消', type: 'warning' })
    return true
  } catch (told) {
    if (WENT_BACK.has(told)) return false
    throw told
  }
}
