// The area of helping at the desk.
import type { Area } from '../../shell/screens'

export const order = 12

export const area: Area = {
  name: '代办服务',
  screens: [{ path: '/desk/assisted', title: '代办服务', needs: 'station', inMenu: true, load: () => import('./Assisted.vue') }],
}
