// Where the keys go: into what is new, and to what is nearest when whatever had them is gone or was busy.
import { nextTick } from 'vue'
import type { Router } from 'vue-router'

const FIELDS = '.el-dialog__body :is(textarea, button, input, [tabindex="0"]):not([type="radio"]:not(:checked))'
const PLACES = 'main, section, form, fieldset, .el-dialog, [role="region"], [role="group"], [role="tabpanel"]'

let holder: HTMLElement | null = null // what has the keys, or had them when it went
let around: HTMLElement[] = [] // what that lies in, from the inside
let below: [HTMLElement, HTMLElement[]] | null = null // what had them on the page, before a dialog lay over it
let isByHand = false // the last thing done was done by a pointer
let isWaiting = false // it is busy, and gets them back when it is not
let isDue = false

/** Watch over the keys of the whole console. */
export function watchOver(router: Router): void {
  addEventListener('focusin', taken)
  addEventListener('focusout', left)
  addEventListener('keydown', escape, true)
  addEventListener('pointerdown', () => (isByHand = true), true)
  addEventListener('keydown', () => (isByHand = false), true)
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled', 'style'] })
  router.afterEach((to, from, failure) => {
    if (!failure && from.matched.length && to.path !== from.path) void nextTick(enter)
  })
}

const canHold = (each: HTMLElement): boolean => each.isConnected && !each.matches(':disabled') && each.getClientRects().length > 0
const isBusy = (each: HTMLElement): boolean => each.isConnected && each.classList.contains('is-loading')

const isOver = (places: HTMLElement[]): boolean => places.some((each) => each.matches('.el-overlay'))

function taken({ target }: FocusEvent): void {
  if (!(target instanceof HTMLElement)) return
  if (target.matches('.el-dialog') && begin(target)) return
  holder = target
  isWaiting = false
  around = []
  for (let outer = target.parentElement; outer; outer = outer.parentElement) around.push(outer)
  if (!isOver(around)) below = [holder, around]
}

/** A dialog begins at its first field; a calendar would open by that, and is left to whoever wants it. */
function begin(dialog: HTMLElement): boolean {
  const meant = dialog.querySelector<HTMLElement>('[autofocus]')
  const first = meant ?? [...dialog.querySelectorAll<HTMLElement>(FIELDS)].find((each) => each.tabIndex >= 0 && canHold(each))
  if (!first || first.closest('.el-date-editor')) return false
  first.focus({ preventScroll: true })
  return true
}

/** A drop-down that is shut swallows Escape; in a dialog it is meant for the dialog. */
function escape(event: KeyboardEvent): void {
  const at = event.target
  if (event.key !== 'Escape' || !(at instanceof HTMLElement) || !at.matches('[role="combobox"][aria-expanded="false"]')) return
  const dialog = at.closest('.el-dialog')
  if (dialog === null) return
  event.stopImmediatePropagation()
  dialog.dispatchEvent(new KeyboardEvent('keydown', { key: event.key, code: event.code, bubbles: true }))
}

/** Whoever clicks beside everything wants the keys nowhere; what goes or is shut does not let go of them. */
function left({ target }: FocusEvent): void {
  setTimeout(() => {
    if (isByHand && target === holder && holder && !isWaiting && canHold(holder) && document.activeElement === document.body) holder = null
  })
}

/** Never while they pass from one thing to another: for that moment nothing has them. */
function soon(): void {
  if (isDue) return
  isDue = true
  setTimeout(keep)
}

/** Give the keys back to what was busy, or to the nearest place around what is gone. */
function keep(): void {
  isDue = false
  if (holder === null || (document.activeElement !== document.body && document.activeElement !== holder)) return
  if (!canHold(holder) && isOver(around) && below && !dialogs().length) {
    ;[holder, around] = below
    isWaiting = true
  }
  if (isBusy(holder)) isWaiting = true
  else if (!canHold(holder)) put(around.find((each) => each.matches(PLACES) && canHold(each)) ?? front())
  else if (isWaiting) {
    isWaiting = false
    holder.focus({ preventScroll: true })
  }
}

const dialogs = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('.el-dialog, .el-message-box')].filter(canHold)

/** What lies uppermost: a dialog that is open, or the content of the screen. */
const front = (): HTMLElement | null => dialogs().at(-1) ?? document.querySelector('main')

/** A new screen is read from its beginning. */
function enter(): void {
  const main = document.querySelector('main')
  if (main && !main.contains(document.activeElement)) put(main.querySelector<HTMLElement>('[autofocus]') ?? main)
}

function put(place: HTMLElement | null): void {
  if (place === null) return
  if (place.tabIndex < 0 && !place.hasAttribute('tabindex')) {
    place.tabIndex = -1
    place.addEventListener('blur', () => place.removeAttribute('tabindex'), { once: true })
  }
  place.focus({ preventScroll: true })
}
