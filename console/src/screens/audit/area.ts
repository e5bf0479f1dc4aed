// The area of the audit trail.
import type { Area } from '../../shell/screens'

export const order = 90

export const area: Area = {
  name: '审计',
  screens: [{ path: '/audit', title: '审计日志', needs: 'get_union_audit', inMenu: true, load: () => import('./Audit.vue') }],
}
