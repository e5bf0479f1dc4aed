// The area of figures.
import type { Area } from '../../shell/screens'

export const order = 15

export const area: Area = {
  name: '数据',
  screens: [
    { path: '/figures', title: '数据看板', needs: 'get_union_stats_overview', inMenu: true, load: () => import('./Overview.vue') },
    { path: '/figures/stations/:stationId', title: '驿站数据', needs: 'get_union_stations_station_id_statistics', load: () => import('./StationFigures.vue') },
  ],
}
