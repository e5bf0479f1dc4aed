// The area of the workers: who they are, what they ask for, what they write.
import type { Area } from '../../shell/screens'

export const order = 60

export const area: Area = {
  name: '劳动者',
  screens: [
    { path: '/workers', title: '劳动者', needs: 'get_union_workers', inMenu: true, load: () => import('./Workers.vue') },
    { path: '/workers/verifications', title: '身份核验', needs: 'get_union_verifications', inMenu: true, load: () => import('./Verifications.vue') },
    { path: '/workers/verifications/:verificationId', title: '核验处理', needs: 'get_union_verifications_verification_id', load: () => import('./Verification.vue') },
    { path: '/workers/appeals', title: '爽约申诉', needs: 'get_union_appeals', inMenu: true, load: () => import('./Appeals.vue') },
    { path: '/workers/appeals/:appealId', title: '申诉处理', needs: 'get_union_appeals_appeal_id', load: () => import('./Appeal.vue') },
    { path: '/workers/moderation', title: '内容审核', needs: 'get_union_moderation_pieces', inMenu: true, load: () => import('./Moderation.vue') },
    { path: '/workers/words', title: '敏感词', needs: 'get_union_moderation_words', inMenu: true, load: () => import('./Words.vue') },
    { path: '/workers/people/:workerId', title: '劳动者详情', needs: 'get_union_workers_worker_id', load: () => import('./Worker.vue') },
  ],
}
