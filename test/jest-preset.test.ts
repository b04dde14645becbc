import { createRequire } from 'node:module'
import t from 'tap'

const require = createRequire(import.meta.url)

t.test('the preset names the two modules as Jest can load them', async (t) => {
  for (const preset of [
    (await import('../lib/jest-preset.ts')).default,
    require('redis-memory-cluster/jest-preset').default,
  ]) {
    t.strictSame(Object.keys(preset), ['globalSetup', 'globalTeardown'])
    t.equal(preset.globalSetup, require.resolve('redis-memory-cluster/jest'))
    t.equal(preset.globalTeardown, require.resolve('redis-memory-cluster/jest-teardown'))
    t.type(require(preset.globalSetup).default, 'function')
    t.type(require(preset.globalTeardown).default, 'function')
  }
})
