// The area of whoever serves at a station.
import type { Area } from '../../shell/screens'

export const order = 10

export const area: Area = {
  name: '驿站值守',
  screens: [
    { path: '/desk', title: '值守台', needs: 'station', inMenu: true, load: () => import('./Desk.vue') },
    { path: '/desk/bookings', title: '当日预约', needs: 'station', inMenu: true, load: () => import('./Bookings.vue') },
    { path: '/desk/opening', title: '开放与闭站', needs: 'station', inMenu: true, load: () => import('./Opening.vue') },
    { path: '/desk/comfort', title: '饮水与休息', needs: 'station', inMenu: true, load: () => import('./Comfort.vue') },
    { path: '/desk/cut-offs', title: '断电提醒', needs: 'station', inMenu: true, load: () => import('./CutOffs.vue') },
    { path: '/desk/kit', title: '物资', needs: 'station', inMenu: true, load: () => import('./KitRoom.vue') },
    { path: '/desk/code', title: '到站码', needs: 'station', inMenu: true, load: () => import('./Code.vue') },
    { path: '/desk/first-aid', title: '急救记录', needs: 'station', inMenu: true, load: () => import('./FirstAid.vue') },
    { path: '/desk/first-aid/:alertId', title: '急救处理', needs: 'station', load: () => import('./Alert.vue') },
  ],
}
