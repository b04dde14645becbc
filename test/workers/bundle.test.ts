/** The bundle is what a thread runs, and the code the build compiled is good for the V8 that built it. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import t from 'tap'
import { compileBundle } from '../../workers/bundle.ts'

t.test('the bundle boots nodes', (t) => {
  t.type(compileBundle().run(createRequire(import.meta.url)).boot, 'function')
  t.end()
})

t.test('compiled code lies beside it and is taken', (t) => {
  const { script, cachePath } = compileBundle()
  t.ok(existsSync(cachePath), cachePath)
  t.equal(script.cachedDataRejected, false)
  t.end()
})
