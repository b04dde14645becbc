import { createRequire } from 'node:module'
import t from 'tap'

const require = createRequire(import.meta.url)

t.test('the preset names two modules that Jest can load', async (t) => {
  const preset = require('redis-memory-cluster/jest-preset')
  t.strictSame(Object.keys(preset), ['globalSetup', 'globalTeardown'])
  for (const name of [preset.globalSetup, preset.globalTeardown]) {
    t.type(require(name).default, 'function', name)
  }
})
