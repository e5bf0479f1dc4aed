// What is said of people who work for the union: whether they serve, what they are called.
import { reactive } from 'vue'
import { ask } from '../../api/ask'
import { may, me } from '../../api/person'
import type { Row } from '../../api/shapes'
import { problemOf } from '../../parts/answers'
import { today } from '../../parts/times'

type Account = Row<'get_union_accounts'>

/** Whether somebody serves today, in words. */
export function serviceOf(account: Account): string {
  if (!account.is_active) return '已离岗'
  if (account.valid_from && account.valid_from > today()) return '未到任期'
  if (account.valid_to && account.valid_to <= today()) return '任期已满'
  return '在岗'
}

const names = reactive(new Map<string, string>())

/** The masked name behind an id, asked for once; whoever is out of reach stays unnamed. */
export function personOf(id: string): string {
  if (id === me.value?.id) return '我'
  if (!names.has(id)) {
    names.set(id, '其他工会的人员')
    if (may('get_union_accounts_account_id')) void learn(id)
  }
  return names.get(id) ?? ''
}

async function learn(id: string): Promise<void> {
  try {
    names.set(id, (await ask('get_union_accounts_account_id', { path: { account_id: id } })).name)
  } catch (caught) {
    problemOf(caught)
  }
}
