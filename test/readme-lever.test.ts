/**
 * The examples of the README's chapter on levers run as they stand, each against a cluster of its own; every lever has one.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Cluster as Client } from 'ioredis'
import t from 'tap'
import ts from 'typescript'
import { levers } from '../lib/host/lever/table.ts'
import { readmePath } from './support/docs.ts'
import { startForTest } from './support/started-cluster.ts'

const [, chapter = ''] =
  /\n### Levers\n([\s\S]*?)\n### /.exec(readFileSync(readmePath, 'utf8')) ?? []
const examples = [...chapter.matchAll(/\n```ts\n([\s\S]*?)\n```\n/g)].map(([, code = '']) => code)

t.test('every lever has an example', async (t) => {
  const missing = Object.keys(levers).filter((name) => !chapter.includes(`cluster.${name}(`))
  t.strictSame(missing, [])
})

for (const code of examples) {
  t.test(code.split('\n', 1)[0] as string, async (t) => {
    const cluster = await startForTest(t)
    const client = new Client([...cluster.addresses])
    t.teardown(() => client.disconnect())
    await runExample(code, { cluster, client, assert })
  })
}

/** Runs code with these names in scope. `await using` is younger than Node.js 20. */
async function runExample(code: string, scope: Readonly<Record<string, unknown>>): Promise<void> {
  const body = `exports.run = async (${Object.keys(scope).join(', ')}) => {\n${code}\n}`
  const { outputText } = ts.transpileModule(body, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
  })
  const exports: { run?: (...values: unknown[]) => Promise<void> } = {}
  new Function('exports', outputText)(exports)
  await exports.run?.(...Object.values(scope))
}
