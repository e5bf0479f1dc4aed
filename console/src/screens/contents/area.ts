// The area of whoever writes policies and guidance.
import type { Area } from '../../shell/screens'

export const order = 20

export const area: Area = {
  name: '内容',
  screens: [
    { path: '/contents', title: '稿件列表', needs: 'post_union_manuscripts', inMenu: true, load: () => import('./Manuscripts.vue') },
    { path: '/contents/:manuscriptId', title: '稿件编辑', needs: 'get_union_manuscripts_manuscript_id', load: () => import('./Manuscript.vue') },
  ],
}
