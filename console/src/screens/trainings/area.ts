// The area of trainings.
import type { Area } from '../../shell/screens'

export const order = 40

export const area: Area = {
  name: '培训',
  screens: [
    { path: '/trainings', title: '培训项目', needs: 'get_union_trainings', inMenu: true, load: () => import('./Programmes.vue') },
    { path: '/trainings/new', title: '新建培训项目', needs: 'post_union_trainings', load: () => import('./NewProgramme.vue') },
    { path: '/trainings/:programmeId', title: '培训项目', needs: 'get_union_trainings_programme_id', load: () => import('./Programme.vue') },
    { path: '/trainings/sessions/:sessionId', title: '培训班次', needs: 'get_union_training_sessions_session_id', load: () => import('./Session.vue') },
    { path: '/trainings/sessions/:sessionId/code', title: '签到码', needs: 'get_union_training_sessions_session_id_code', load: () => import('./SignInCode.vue') },
  ],
}
