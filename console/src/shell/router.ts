// Hash addresses of all screens; whoever is not in is asked to sign in first.
import { createRouter, createWebHashHistory } from 'vue-router'
import { me } from '../api/person'
import { present } from '../api/tokens'
import Home from './Home.vue'
import { meetFirst } from './meeting'
import { AREAS, type Screen } from './screens'
import NotLoaded from './NotLoaded.vue'
import Nowhere from './Nowhere.vue'
import SignIn from './SignIn.vue'

declare module 'vue-router' {
  interface RouteMeta {
    title: string
    screen?: Screen
  }
}

const screens = AREAS.flatMap((area) => area.screens)

type Load = Screen['load']

/** A screen's own file; one that does not come is said in its place. */
function loaded(load: Load): Load {
  return () =>
    load().catch((problem: unknown) => {
      console.warn(problem)
      return { default: NotLoaded }
    })
}

export const router = createRouter({
  history: createWebHashHistory(),
  scrollBehavior: (to, from, kept) => kept ?? (to.path === from.path ? false : { top: 0 }),
  routes: [
    { path: '/', component: Home, meta: { title: '工作台' } },
    { path: '/sign-in', component: SignIn, meta: { title: '登录' } },
    { path: '/me', component: loaded(() => import('./Mine.vue')), meta: { title: '我的账号' } },
    { path: '/messages', component: loaded(() => import('./Messages.vue')), meta: { title: '消息' } },
    ...screens.map((screen) => ({ path: screen.path, component: loaded(screen.load), meta: { title: screen.title, screen }, props: true })),
    { path: '/:rest(.*)*', component: Nowhere, meta: { title: '没有这个页面' } },
  ],
})

router.beforeEach(async (to) => {
  if (to.path === '/sign-in' || to.meta.screen?.isOpen) return true
  if (!present.union) return { path: '/sign-in', query: { to: to.fullPath } }
  if (me.value === null) await meetFirst()
  return true
})

router.afterEach((to) => {
  document.title = `${to.meta.title} · 云端客栈`
})
