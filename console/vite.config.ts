// How the console is built: relative addresses, hashed names, only the Element Plus parts that are used.
import vue from '@vitejs/plugin-vue'
import AutoImport from 'unplugin-auto-import/vite'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vite'
import { precache } from './precache.ts'

/** What the first screen needs comes in two pieces, for a line on which every piece waits its turn: others' code, kept by browsers from release to release, and ours. */
const FIRST = [
  { name: 'others', tags: ['$initial' as const], test: /node_modules/, priority: 2 },
  { name: 'ours', tags: ['$initial' as const], priority: 1 },
]

export default defineConfig({
  base: './',
  plugins: [
    vue(),
    AutoImport({ dts: false, resolvers: [ElementPlusResolver()] }),
    Components({ dts: false, dirs: [], resolvers: [ElementPlusResolver()] }),
    precache(),
  ],
  build: {
    chunkSizeWarningLimit: 1000,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: FIRST } } },
  },
})
