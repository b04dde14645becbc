/** The bundle is what a thread runs, and what V8 compiled of it is kept for the same V8 with the same flags. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import { compileBundle } from '../../workers/bundle.ts'

const folder = fileURLToPath(new URL('../../workers/', import.meta.url))

/** A folder with the bundle and what loads it, and without compiled code; a folder of each of these names lies there too. */
function freshFolder(t: Test, ...names: string[]): string {
  const folders = Object.fromEntries(names.map((name) => [name, { file: '' }]))
  const fresh = t.testdir({ 'package.json': '{ "type": "module" }', ...folders })
  for (const name of ['boot.cjs', 'bundle.js']) copyFileSync(join(folder, name), join(fresh, name))
  return fresh
}

/** Compiles twice in a process with these flags, keeping in between: whether compiled code was there each time. */
function compileTwice(at: string, ...flags: string[]): string {
  const url = JSON.stringify(pathToFileURL(join(at, 'bundle.js')).href)
  const program = `
    const { compileBundle } = await import(${url})
    const bundle = compileBundle()
    bundle.keep()
    console.log(bundle.wasKept, compileBundle().wasKept)`
  const argv = [...flags, '--input-type=module', '--eval', program]
  return execFileSync(process.execPath, argv, { encoding: 'utf8' }).trim()
}

/** Bytes outside of V8's heap that a process holds which has compiled the bundle. */
function bytesHeld(): number {
  const modules = ['workers/bundle.js', 'lib/runtime/parked-heap.js'].map((name) =>
    JSON.stringify(new URL(`../../${name}`, import.meta.url).href),
  )
  const program = `
    const [{ compileBundle }, { collectThread }] = await Promise.all([${modules.map((url) => `import(${url})`)}])
    globalThis.bundle = compileBundle()
    // Their memory goes when the next collection is due.
    for (let turn = 0; turn < 3; turn++) {
      await new Promise((resolve) => setImmediate(resolve))
      collectThread()
    }
    console.log(bundle.wasKept, process.memoryUsage().arrayBuffers)`
  const argv = ['--input-type=module', '--eval', program]
  const words = execFileSync(process.execPath, argv, { encoding: 'utf8' }).trim().split(' ')
  return Number(words[1])
}

const compiledIn = (at: string) => readdirSync(at).filter((name) => /^boot\..*-/.test(name))

t.test('the bundle boots nodes', (t) => {
  t.type(compileBundle().run(createRequire(import.meta.url)).boot, 'function')
  t.end()
})

t.test('the build left compiled code beside it', (t) => {
  const { wasKept, cachePath } = compileBundle()
  t.ok(existsSync(cachePath), cachePath)
  t.equal(wasKept, true)
  t.end()
})

t.test('what was read to compile it is not held', (t) => {
  const bytes = bytesHeld()
  t.ok(bytes < statSync(compileBundle().cachePath).size, `${bytes} bytes`)
  t.end()
})

t.test('code compiled with other flags is kept beside the first', (t) => {
  const at = freshFolder(t)
  t.equal(compileTwice(at), 'false true')
  t.equal(compileTwice(at), 'true true')
  t.equal(compileTwice(at, '--no-opt'), 'false true')
  t.equal(compileTwice(at, '--no-opt'), 'true true')
  t.equal(compileTwice(at), 'true true')
  t.equal(compiledIn(at).length, 2)
  t.end()
})

t.test('where nothing can be kept it goes without', (t) => {
  const name = basename(compileBundle().cachePath)
  const at = freshFolder(t, name)
  t.equal(compileTwice(at), 'false false')
  t.strictSame(compiledIn(at), [name], 'no draft stays')
  t.end()
})

t.test('a draft is left to who writes it, for a minute', async (t) => {
  const name = basename(compileBundle().cachePath)
  const at = freshFolder(t)
  const draft = join(at, `${name}.draft`)
  writeFileSync(draft, 'half of it')
  t.equal(compileTwice(at), 'false false')
  t.strictSame(compiledIn(at), [`${name}.draft`])
  const longAgo = Date.now() / 1000 - 61
  utimesSync(draft, longAgo, longAgo)
  t.equal(compileTwice(at), 'false true')
  t.strictSame(compiledIn(at), [name])
})
