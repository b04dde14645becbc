/**
 * The second half of the build: what `tsc` does not make of the sources, written into its dist/.
 *
 * - dist/workers/boot.cjs: all that a node is made of in one script, so that its thread loads one file, and beside it
 *   what V8 compiled of it (compile.js);
 * - dist/workers/node.cjs: the file a thread starts with, which loads that script;
 * - dist/workers/liblua5.1.wasm: what runs scripts, as its package has it, with whose it is;
 * - dist/lib/*.js and *.cjs: the public entries for `import` and `require`, which start that same worker;
 * - dist/lib/cli.js: the command line, its argument parser included;
 * - dist/lib/jest-preset.json, as it is;
 * - declarations a consumer can resolve: `.js` specifiers, and a `.d.cts` twin of all the entries reach.
 *
 * Running it twice gives the same files.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import ts from 'typescript'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

/** The public entries: each is a module of dist/lib of its own, and none contains another. */
const entries = ['index', 'jest', 'jest-teardown']

/** @type {{ dependencies: Record<string, string> }} */
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  legalComments: 'inline',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
}

/** Options for output that is required and asks where it lies. */
const asCommonJs = /** @type {const} */ ({
  format: 'cjs',
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: {
    js: "'use strict'\nconst importMetaUrl = require('node:url').pathToFileURL(__filename).href",
  },
})

/**
 * Makes an entry that imports another entry share its built file instead of swallowing a copy.
 * @param {string} extension of the built files, with the dot
 * @returns {import('esbuild').Plugin}
 */
function shareEntries(extension) {
  return {
    name: 'share-entries',
    setup(context) {
      context.onResolve({ filter: /^\.\/[a-z-]+\.ts$/ }, ({ path, resolveDir }) => {
        const name = path.slice(2, -3)
        if (resolveDir !== join(root, 'lib') || !entries.includes(name)) return undefined
        return { path: `./${name}${extension}`, external: true }
      })
    },
  }
}

/** Removes outputs whose source is gone: a deleted test must not run once more. */
async function prune() {
  for (const folder of ['lib', 'workers', 'test']) {
    const sources = await files(join(root, folder), /\.c?ts$/)
    const stems = new Set(sources.map((path) => path.replace(/\.c?ts$/, '')))
    for (const output of await files(join(dist, folder), /./)) {
      const stem = relative(dist, output).replace(/(\.d)?\.(js|cjs|ts|cts)(\.map)?$/, '')
      if (!stems.has(join(root, stem))) await rm(output)
    }
  }
}

/**
 * Puts a catalogue in place of lib/commands/catalogue.ts that runs a family's module when one of its commands is asked for:
 * esbuild wraps what is required in a function.
 * @type {import('esbuild').Plugin}
 */
const familiesOnDemand = {
  name: 'families-on-demand',
  setup(context) {
    context.onLoad({ filter: /\/lib\/commands\/catalogue\.ts$/ }, async ({ path }) => {
      const folder = dirname(path)
      const text = await readFile(join(folder, 'family.ts'), 'utf8')
      const paths = ts
        .preProcessFile(text, true, true)
        .importedFiles.map(({ fileName }) => fileName)
      const modules = await Promise.all(
        paths.map((name) => import(join(dist, 'lib/commands', name.replace(/\.ts$/, '.js')))),
      )
      const { positionsByName } = await import(join(dist, 'lib/commands/catalogue.js'))
      const contents = `
        const modules = [${paths.map((name) => `() => require('${name}')`)}]
        const positions = ${JSON.stringify(Object.fromEntries(positionsByName(modules)))}
        export const catalogue = {
          names: Object.keys(positions),
          modulesOf: (name) => Object.hasOwn(positions, name) ? positions[name].map((i) => modules[i]()) : [],
        }`
      return { contents, loader: 'ts' }
    })
  },
}

async function bundleWorker() {
  const path = join(dist, 'workers/boot.cjs')
  await build({
    ...common,
    entryPoints: ['workers/boot.ts'],
    outfile: path,
    format: 'cjs',
    charset: 'ascii',
    external: ['piscina'],
    plugins: [familiesOnDemand],
    // A function, as Node.js wraps modules: what is compiled need not be put together first.
    banner: { js: `(function (require, module, importMetaUrl) { //${NO_HASH}` },
    define: { 'import.meta.url': 'importMetaUrl' },
    footer: { js: '})' },
  })
  const text = await readFile(path, 'utf8')
  const hash = createHash('sha256').update(text).digest('hex').slice(0, NO_HASH.length)
  await writeFile(path, text.replace(NO_HASH, hash))
}

/** Ends the bundle's first line until it is known: compiled code belongs to one text only. */
const NO_HASH = '0'.repeat(16)

/** What piscina loads: CommonJS, since it tries `require` first, and a thread without ES modules starts sooner. */
async function bundleWorkerEntry() {
  await build({
    ...common,
    entryPoints: ['workers/node.ts'],
    outfile: 'dist/workers/node.cjs',
    ...asCommonJs,
  })
}

/** Few files load faster than many; what `startCluster` alone needs is a chunk of its own. */
async function bundleEntries() {
  await build({
    ...common,
    entryPoints: entries.map((name) => `lib/${name}.ts`),
    outdir: 'dist/lib',
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    external: ['piscina'],
    allowOverwrite: true,
  })
}

async function bundleEntriesForRequire() {
  await build({
    ...common,
    entryPoints: entries.map((name) => `lib/${name}.ts`),
    outdir: 'dist/lib',
    outExtension: { '.js': '.cjs' },
    external: Object.keys(manifest.dependencies),
    plugins: [shareEntries('.cjs')],
    ...asCommonJs,
  })
}

async function bundleCommandLine() {
  await build({
    ...common,
    entryPoints: ['lib/cli.ts'],
    outfile: 'dist/lib/cli.js',
    format: 'esm',
    external: Object.keys(manifest.dependencies),
    plugins: [shareEntries('.js')],
    banner: {
      js: [
        "import { createRequire as createRequireForBundle } from 'node:module'",
        'const require = createRequireForBundle(import.meta.url)',
      ].join('\n'),
    },
  })
  const path = join(dist, 'lib/cli.js')
  const text = await readFile(path, 'utf8')
  const shebang = '#!/usr/bin/env node\n'
  if (!text.startsWith(shebang)) await writeFile(path, shebang + text)
  await chmod(path, 0o755)
}

/** The binary that runs scripts, and whose it is. */
async function copyLua() {
  const binary = join(root, 'node_modules/wasmoon-lua5.1/dist/liblua5.1.wasm')
  await copyFile(binary, join(dist, 'workers/liblua5.1.wasm'))
  await copyFile(
    join(root, 'workers/liblua5.1.notice.txt'),
    join(dist, 'workers/liblua5.1.notice.txt'),
  )
}

/** The compiler rewrites `./x.ts` in modules but not in declarations. */
async function rewriteDeclarations() {
  for (const folder of ['lib', 'workers']) {
    for (const path of await files(join(dist, folder), /\.d\.ts$/)) {
      const text = await readFile(path, 'utf8')
      const rewritten = mapSpecifiers(text, (specifier) => specifier.replace(/\.ts$/, '.js'))
      if (rewritten !== text) await writeFile(path, rewritten)
    }
  }
}

/** Writes `x.d.cts` beside every `x.d.ts` the entries reach, so that no CommonJS declaration imports an ES module one. */
async function writeDeclarationsForRequire() {
  for (const path of await files(join(dist, 'lib'), /\.d\.cts$/)) await rm(path)
  const queue = entries.map((name) => join(dist, 'lib', `${name}.d.ts`))
  const seen = new Set(queue)
  for (const path of queue) {
    const text = mapSpecifiers(await readFile(path, 'utf8'), (specifier) => {
      const target = join(dirname(path), specifier.replace(/\.js$/, '.d.ts'))
      if (!seen.has(target)) {
        seen.add(target)
        queue.push(target)
      }
      return specifier.replace(/\.js$/, '.cjs')
    })
    const withoutMap = text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')
    await writeFile(path.replace(/\.ts$/, '.cts'), withoutMap)
  }
}

/**
 * Replaces the relative module specifiers of a declaration file.
 * @param {string} text
 * @param {(specifier: string) => string} replace
 */
function mapSpecifiers(text, replace) {
  let result = ''
  let end = 0
  for (const { fileName, pos } of ts.preProcessFile(text, true, true).importedFiles) {
    if (!fileName.startsWith('.')) continue
    const start = text.indexOf(fileName, pos)
    result += text.slice(end, start) + replace(fileName)
    end = start + fileName.length
  }
  return result + text.slice(end)
}

/**
 * All files under a folder whose name matches, as absolute paths.
 * @param {string} folder
 * @param {RegExp} name
 */
async function files(folder, name) {
  if (!existsSync(folder)) return []
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => join(entry.path, entry.name))
}

await prune()
await Promise.all([
  bundleWorker(),
  bundleWorkerEntry(),
  bundleEntries(),
  bundleEntriesForRequire(),
  bundleCommandLine(),
])
await copyLua()
await copyFile(join(root, 'lib/jest-preset.json'), join(dist, 'lib/jest-preset.json'))
await rewriteDeclarations()
await writeDeclarationsForRequire()
