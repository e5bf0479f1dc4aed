// Hash addresses of all screens; whoever is not in is asked to sign in first.
import { createRouter, createWebHashHistory } from 'vue-router'
import { meet, me } from '../api/person'
import { sentenceOf } from '../api/refusals'
import { present } from '../api/tokens'
import { AREAS, type Screen } from './screens'
import { trouble } from './trouble'

declare module 'vue-router' {
  interface RouteMeta {
    title: string
    screen?: Screen
  }
}

const screens = AREAS.flatMap((area) => area.screens)

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', component: () => import('./Home.vue'), meta: { title: '工作台' } },
    { path: '/sign-in', component: () => import('./SignIn.vue'), meta: { title: '登录' } },
    { path: '/me', component: () => import('./Mine.vue'), meta: { title: '我的账号' } },
    { path: '/messages', component: () => import('./Messages.vue'), meta: { title: '消息' } },
    ...screens.map((screen) => ({ path: screen.path, component: screen.load, meta: { title: screen.title, screen }, props: true })),
    { path: '/:rest(.*)*', component: () => import('./Nowhere.vue'), meta: { title: '没有这个页面' } },
  ],
})

router.beforeEach(async (to) => {
  if (to.path === '/sign-in' || to.meta.screen?.isOpen) return true
  if (!present.union) return { path: '/sign-in', query: { to: to.fullPath } }
  if (me.value === null) {
    try {
      await meet()
    } catch (problem) {
      trouble.value = sentenceOf(problem)
    }
  }
  return true
})

router.afterEach((to) => {
  document.title = `${to.meta.title} · 云端客栈`
})
