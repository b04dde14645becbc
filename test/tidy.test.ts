import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import {
  hasTest,
  header,
  naming,
  noBarrel,
  noDeferral,
  parse,
  purity,
  type Rule,
  roomDirection,
} from './support/house-rule.ts'

/** Files that run but are tested through another one: each with the test that does it. */
const testedElsewhere = new Set<string>([])

const root = fileURLToPath(new URL('../..', import.meta.url))

t.test('every rule sees what breaks it', async (t) => {
  const table: [rule: Rule, path: string, text: string, wrong: boolean][] = [
    [roomDirection, 'lib/base/a.ts', "import { x } from '../data/x.ts'", true],
    [roomDirection, 'lib/base/a.ts', "import type { X } from '../data/x.ts'", true],
    [roomDirection, 'lib/data/a.ts', "import { x } from '../base/x.ts'", false],
    [roomDirection, 'lib/data/sub/a.ts', "import { x } from '../../keyspace/x.ts'", true],
    [roomDirection, 'lib/data/sub/a.ts', "import { x } from '../x.ts'", false],
    [roomDirection, 'lib/cluster/a.ts', "import { x } from '../replication/x.ts'", true],
    [roomDirection, 'lib/cluster/a.ts', "import { type X } from '../replication/x.ts'", true],
    [roomDirection, 'lib/cluster/a.ts', "import type { X } from '../replication/x.ts'", false],
    [roomDirection, 'lib/cluster/a.ts', "type X = import('../replication/x.ts').X", false],
    [roomDirection, 'lib/cluster/a.ts', "const x = import('../replication/x.ts')", true],
    [roomDirection, 'lib/cluster/a.ts', "export { x } from '../node/x.ts'", true],
    [roomDirection, 'lib/runtime/a.ts', "import { x } from '../host/x.ts'", true],
    [roomDirection, 'lib/host/a.ts', "import type { X } from '../node/x.ts'", true],
    [roomDirection, 'lib/host/a.ts', "import { url } from '../worker-url.ts'", false],
    [roomDirection, 'lib/node/a.ts', "import { url } from '../worker-url.ts'", true],
    [roomDirection, 'lib/index.ts', "import { x } from './runtime/x.ts'", true],
    [roomDirection, 'lib/jest.ts', "import { x } from './index.ts'", false],
    [roomDirection, 'workers/node.ts', "import { x } from '../lib/runtime/x.ts'", false],
    [roomDirection, 'workers/node.ts', "import { x } from '../lib/host/x.ts'", true],
    [roomDirection, 'lib/base/a.ts', "import { x } from '../../test/support/x.ts'", true],
    [roomDirection, 'lib/attic/a.ts', "import { x } from './x.ts'", true],
    [purity, 'lib/node/a.ts', "import net from 'node:net'", true],
    [purity, 'lib/node/a.ts', "import { Buffer } from 'node:buffer'", false],
    [purity, 'lib/control/a.ts', "import { pack } from 'msgpackr/pack'", false],
    [purity, 'lib/control/a.ts', "import type { MessagePort } from 'node:worker_threads'", false],
    [purity, 'lib/node/a.ts', "import Redis from 'ioredis'", true],
    [purity, 'lib/node/a.ts', 'const now = Date.now()', true],
    [purity, 'lib/node/a.ts', 'const now = new Date()', true],
    [purity, 'lib/node/a.ts', 'const text = new Date(nowMs).toISOString()', false],
    [purity, 'lib/node/a.ts', 'const chance = Math.random()', true],
    [purity, 'lib/node/a.ts', 'setTimeout(run, 1)', true],
    [purity, 'lib/node/a.ts', 'const id = process.pid', true],
    [purity, 'lib/node/a.ts', 'const id = machine.process(1)', false],
    [purity, 'lib/node/a.ts', 'const machine = { process: 1 }', false],
    [purity, 'lib/node/a.ts', 'const machine = { process }', true],
    [purity, 'lib/node/a.ts', 'function run(process: string) { return process }', false],
    [purity, 'lib/node/a.ts', 'async function run() {}', true],
    [purity, 'lib/node/a.ts', 'declare function run(): Promise<void>', true],
    [purity, 'lib/runtime/a.ts', 'const now = Date.now()', false],
    [naming, 'lib/base/utils.ts', '', true],
    [naming, 'test/helpers/client.ts', '', true],
    [naming, 'lib/base/sharedLayout.ts', '', true],
    [naming, 'lib/base/shared-layout.ts', '', false],
    [naming, 'test/base/crc16.test.ts', '', false],
    [noBarrel, 'lib/base/index.ts', '', true],
    [noBarrel, 'lib/base/a.ts', "export { x } from './x.ts'", true],
    [noBarrel, 'lib/base/a.ts', "export * from './x.ts'", true],
    [noBarrel, 'lib/base/a.ts', 'const x = 1\nexport { x }', false],
    [noBarrel, 'lib/index.ts', "export { x } from './x.ts'", false],
    [header, 'lib/base/a.ts', 'export const x = 1', true],
    [header, 'lib/base/a.ts', '// A file.\nexport const x = 1', true],
    [header, 'lib/base/a.ts', `/**\n${' * a line\n'.repeat(9)} */`, true],
    [header, 'lib/base/a.ts', '/** */', true],
    [header, 'lib/base/a.ts', '/**\n * What it is.\n */', false],
    [header, 'lib/cli.ts', '#!/usr/bin/env node\n/**\n * What it is.\n */', false],
    [noDeferral, 'lib/base/a.ts', `const x = 1 // ${'TO'}DO later`, true],
    [noDeferral, 'lib/base/a.ts', "const x = 'TODO'", false],
    [hasTest(new Set()), 'lib/base/a.ts', 'export const x = 1', true],
    [hasTest(new Set()), 'lib/base/tested.ts', 'export const x = 1', false],
    [hasTest(new Set()), 'lib/base/a.ts', 'export interface X {}', false],
    [hasTest(new Set(['lib/base/a.ts'])), 'lib/base/a.ts', 'export const x = 1', false],
    [hasTest(new Set(['lib/base/tested.ts'])), 'lib/base/tested.ts', 'const x = 1', true],
    [hasTest(new Set(['lib/base/a.ts'])), 'lib/base/a.ts', 'export type X = 1', true],
  ]
  for (const [rule, path, text, wrong] of table) {
    const found = rule(parse(path, text), new Set([path, 'test/base/tested.test.ts']))
    t.equal(found.length > 0, wrong, `${path}: ${text}`)
  }
})

const paths = ['lib', 'workers', 'test'].flatMap(sourcesUnder)
const known = new Set(paths)
const sources = paths.map((path) => parse(path, readFileSync(join(root, path), 'utf8')))

const rules: Record<string, Rule> = {
  'imports point downwards': roomDirection,
  'pure rooms stay pure': purity,
  'names say something': naming,
  'no barrels': noBarrel,
  'files begin with what they are': header,
  'nothing is left for later': noDeferral,
  'what runs has a test of its name': hasTest(testedElsewhere),
}

for (const [claim, rule] of Object.entries(rules)) {
  t.test(claim, async (t) => {
    const found = sources.flatMap((source) => rule(source, known))
    for (const { path, line, rule, message } of found) {
      t.fail(`${path}:${line} [${rule}] ${message}`, { stack: '', at: null })
    }
    t.ok(sources.length > 0, `${sources.length} files read`)
  })
}

t.test('every exemption names a file', async (t) => {
  t.same(
    [...testedElsewhere].filter((path) => !known.has(path)),
    [],
  )
})

/** The TypeScript files under a folder; consumers are projects of their own. */
function sourcesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) =>
      relative(root, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    )
    .filter((path) => !path.startsWith('test/consumers/'))
    .sort()
}
