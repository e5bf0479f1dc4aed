// A deed of a screen: busy while it runs, told when it is done, told why not when it is not.
import { ElMessage } from 'element-plus'
import { useDeed } from './answers'

/** Run deeds; `after` fetches anew what is shown, whether or not it was done. */
export function useDeeds(after: () => unknown = () => undefined) {
  const { busy, problem, run } = useDeed()

  /** True when it was done. */
  async function go(said: string, deed: (key: string) => Promise<unknown>): Promise<boolean> {
    const isDone = await run(deed)
    if (isDone) ElMessage.success(said)
    else if (problem.value) ElMessage.error(problem.value.message)
    await after()
    return isDone
  }

  return { busy, go }
}
