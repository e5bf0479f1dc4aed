// The area of whoever lets manuscripts pass and looks after what is public.
import type { Area } from '../../shell/screens'

export const order = 25

export const area: Area = {
  name: '审核与发布',
  screens: [
    { path: '/reviewing', title: '审核', needs: 'post_union_manuscripts_manuscript_id_withdraw', inMenu: true, load: () => import('./Queue.vue') },
    { path: '/reviewing/calendar', title: '排期日历', needs: 'get_union_publishing_calendar', inMenu: true, load: () => import('./Calendar.vue') },
    { path: '/reviewing/synonyms', title: '同义词', needs: 'get_union_synonyms', inMenu: true, load: () => import('./Synonyms.vue') },
    { path: '/reviewing/policies/:policyId/editions', title: '版本与对比', needs: 'get_union_policies_policy_id_editions', load: () => import('./Editions.vue') },
    { path: '/reviewing/:manuscriptId', title: '审核稿件', needs: 'get_union_manuscripts_manuscript_id', load: () => import('./Manuscript.vue') },
    { path: '/look/:token', title: '预览', needs: 'get_union_previews_token', isOpen: true, load: () => import('./Look.vue') },
  ],
}
