// Leaving the desk to whoever comes next: what waits is sent first, and nothing of the one before is left on the page.
import { leave, me } from '../api/person'
import { LEFT, owner } from '../api/tokens'
import { closeLine } from '../live/station'
import { dropUnsent, sendWaiting, unsent } from '../live/waiting'
import { router } from './router'

/** Sign out, in all tabs of this browser. */
export async function signOut(): Promise<void> {
  if (!(await haveSent())) return
  if (await router.push('/sign-in')) return // something typed is kept first
  await leave()
  location.reload()
}

/** Load the newer build in place of this one; what is half written on the screen may be finished first. */
export async function takeNewBuild(): Promise<void> {
  const asking = await import('../parts/asking').catch(() => null) // gone with this build
  if (asking === null || (await asking.askWhether('有新版本', '刷新后就是新版本。正在填写、还没有保存或提交的内容，请先保存或提交。', '刷新'))) location.reload()
}

/** Load the console again at an address: no line, alarm or name of the one before outlives it. */
export async function beginAnew(path: string): Promise<void> {
  closeLine()
  await router.push(path)
  location.reload()
}

/** Send what waits; what cannot be sent now is left or dropped, as they say. False when they stay. */
async function haveSent(): Promise<boolean> {
  if (unsent.value) await sendWaiting()
  if (!unsent.value) return true
  const text = `断网时记下的还有${unsent.value}条没有补登。留下的存在这台电脑上，由您下次登录后补登，超过一天自动删除。`
  const asking = await import('../parts/asking').catch(() => null) // not part of the first screen
  if (asking === null) return true // no line to fetch the question over: it is left
  const chosen = await asking.askWhich('还没有补登', text, '留下', '删除')
  if (chosen === 'second') dropUnsent()
  return chosen !== null
}

addEventListener('storage', (event) => {
  const isAnother = me.value !== null && owner.value !== '' && me.value.id !== owner.value
  if (event.key === LEFT || isAnother) void beginAnew(owner.value ? '/' : '/sign-in')
})
