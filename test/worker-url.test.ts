import { existsSync } from 'node:fs'
import { sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { workerUrl } from '../lib/worker-url.ts'

t.test('it names the bundled worker', async (t) => {
  const path = fileURLToPath(workerUrl)
  t.ok(existsSync(path), path)
  t.ok(path.endsWith(['dist', 'workers', 'node.cjs'].join(sep)))
})
