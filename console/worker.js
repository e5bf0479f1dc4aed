// The console without a network: keeps the files of one build, and hands them out when the server cannot be reached.
// Nothing the server says of anybody comes here: only the page and the files it loads are looked at.

const BUILD = 'BUILD' // both are written in by precache.ts
const FILES = ['FILES']

const OURS = 'inn.console.'
const MINE = OURS + BUILD
const FOLDER = new URL('./', location.href)
const PATIENCE_MS = 4_000 // for the page; after that the one that is kept is shown
const AWAY = new Set([502, 503, 504]) // what a proxy says of a server that is not there

addEventListener('install', (event) => {
  skipWaiting() // a page that is open keeps to its own files, which are kept as well: see `clear`
  event.waitUntil(keep())
})

addEventListener('activate', (event) => event.waitUntil(clear().then(() => clients.claim())))

addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  if (method !== 'GET') return
  if (mode === 'navigate') {
    if (url.split(/[?#]/)[0] === FOLDER.href) event.respondWith(page(event.request))
  } else if (url.startsWith(`${FOLDER.href}assets/`)) event.respondWith(file(event.request))
})

/** Keep all files of this build, or none: one after another, for whoever is at work on a slow line. */
async function keep() {
  try {
    const mine = await caches.open(MINE)
    for (const name of FILES) {
      const address = new URL(name, FOLDER).href
      const had = await caches.match(address, { ignoreVary: true }) // the name of a file says what is in it
      await mine.put(address, had ?? whole(await fetch(address, { priority: 'low' })))
    }
    const asked = whole(await fetch(FOLDER, { cache: 'no-cache' }))
    if (!(await asked.clone().text()).includes(BUILD)) throw new Error('the server has another build by now')
    await mine.put(FOLDER, asked)
  } catch (problem) {
    await caches.delete(MINE)
    throw problem
  }
}

function whole(answer) {
  if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`)
  return answer
}

/** Drop old builds but the last before this one: pages of it may still be open. */
async function clear() {
  const others = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== MINE)
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)))
}

/** The page as the server has it now; the one of this build when the server does not answer. */
async function page(request) {
  const asked = fetch(request)
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))
  const answer = await Promise.race([asked, late]).catch(() => undefined)
  if (answer && !AWAY.has(answer.status)) return answer
  const mine = await caches.open(MINE)
  return (await mine.match(FOLDER, { ignoreVary: true })) ?? answer ?? asked
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request)
}
