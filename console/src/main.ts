// Where the console begins.
import { createApp } from 'vue'
import App from './App.vue'
import { watchOver } from './shell/keys'
import { router } from './shell/router'
import './style.css'

watchOver(router)
createApp(App).use(router).mount('#app')
