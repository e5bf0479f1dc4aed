// The area of the union's tree and of those who work in it.
import type { Area } from '../../shell/screens'

export const order = 50

export const area: Area = {
  name: '组织与人员',
  screens: [
    { path: '/unions', title: '组织', needs: 'post_union_units', inMenu: true, load: () => import('./Units.vue') },
    { path: '/unions/moves', title: '隶属调整', needs: 'get_union_moves', inMenu: true, load: () => import('./Moves.vue') },
    { path: '/unions/accounts', title: '人员', needs: 'get_union_accounts', inMenu: true, load: () => import('./Accounts.vue') },
    { path: '/unions/accounts/:accountId', title: '人员详情', needs: 'get_union_accounts_account_id', load: () => import('./Account.vue') },
    { path: '/unions/delegations', title: '代办授权', needs: 'power', inMenu: true, load: () => import('./Delegations.vue') },
    { path: '/unions/emergencies', title: '紧急授权', needs: 'power', inMenu: true, load: () => import('./Emergencies.vue') },
  ],
}
