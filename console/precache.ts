// What the service worker keeps of a build, and the build's own name: written into worker.js and the page once all files have theirs.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin, Rolldown } from 'vite'

/** Beside the first screen: what a desk needs on a day without a network, with what it loads itself (the camera's reader). */
const DESK = '/src/screens/desk/Desk.vue'

const SOURCE = new URL('worker.js', import.meta.url)
const NAME_LENGTH = 16 // characters of the digest

type Bundle = Rolldown.OutputBundle
type Chunk = Rolldown.OutputChunk

export function precache(): Plugin {
  return {
    name: 'precache',
    apply: 'build',
    writeBundle({ dir = '' }, bundle) {
      const source = readFileSync(SOURCE, 'utf8')
      const page = readFileSync(join(dir, 'index.html'), 'utf8')
      const build = createHash('sha256').update([source, page, ...Object.keys(bundle).sort()].join('\n')).digest('hex').slice(0, NAME_LENGTH)
      const files = neededAtTheDesk(bundle)
      writeFileSync(join(dir, 'index.html'), page.replace('</title>', `</title>\n<meta name="build" content="${build}">`))
      writeFileSync(join(dir, 'worker.js'), source.replace("'BUILD'", JSON.stringify(build)).replace("['FILES']", JSON.stringify(files)))
    },
  }
}

function neededAtTheDesk(bundle: Bundle): string[] {
  const chunks = Object.values(bundle).filter((each): each is Chunk => each.type === 'chunk')
  const desk = chunks.find((each) => each.facadeModuleId?.endsWith(DESK))
  const first = chunks.filter((each) => each.isEntry)
  if (desk === undefined || !first.length) throw new Error(`no chunk of ${DESK}, or none to begin with`)
  const files = new Set<string>()
  function add(name: string): void {
    const chunk = bundle[name]
    if (files.has(name) || chunk?.type !== 'chunk') return
    files.add(name)
    chunk.viteMetadata?.importedCss.forEach((sheet) => files.add(sheet))
    chunk.imports.forEach(add)
  }
  for (const each of [...first, desk]) add(each.fileName)
  desk.dynamicImports.forEach(add)
  return [...files].sort()
}
