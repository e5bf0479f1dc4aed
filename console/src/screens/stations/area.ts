// The area of whoever keeps stations at the union.
import type { Area } from '../../shell/screens'

export const order = 30

export const area: Area = {
  name: '驿站管理',
  screens: [
    { path: '/stations', title: '驿站管理', needs: 'get_union_stations', inMenu: true, load: () => import('./Stations.vue') },
    { path: '/stations/new', title: '新增驿站', needs: 'post_union_stations', load: () => import('./NewStation.vue') },
    { path: '/stations/:stationId', title: '驿站', needs: 'get_union_stations_station_id', load: () => import('./Station.vue') },
  ],
}
