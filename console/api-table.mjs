// Writes src/api/table.ts: every operation of the console's ports by its name, from docs/openapi.json.
import { readFileSync, writeFileSync } from 'node:fs'

const PORTS = ['/union/', '/station/', '/worker/v1/policies', '/worker/v1/regions', '/worker/v1/stations', '/worker/v1/trainings']

const described = JSON.parse(readFileSync(new URL('../docs/openapi.json', import.meta.url), 'utf8'))
const lines = []
for (const [path, verbs] of Object.entries(described.paths)) {
  if (!PORTS.some((port) => path.startsWith(port))) continue
  for (const [verb, op] of Object.entries(verbs)) {
    const repeats = (op.parameters ?? []).some((each) => each.name === 'Idempotency-Key')
    const asked = op.security ?? []
    const open = !asked.length || asked.some((each) => !Object.keys(each).length)
    const marks = [verb.toUpperCase(), path, (op['x-permissions'] ?? []).join(' '), (repeats ? 'k' : '') + (open ? 'o' : '')]
    lines.push(`  ${op.operationId}: ${JSON.stringify(marks)},`)
  }
}
writeFileSync(
  new URL('src/api/table.ts', import.meta.url),
  `// Made by api-table.mjs from docs/openapi.json: [method, path, permissions, marks]; k takes a key, o is open.\n` +
    `export const TABLE = {\n${lines.join('\n')}\n} as const\n`,
)
