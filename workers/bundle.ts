/**
 * Loads the bundle, from compiled code where there is any: V8 takes 12 ms to compile a node, and six threads start on few
 * cores. The build leaves what V8 compiled beside the bundle. That is good for the same V8 with the same flags alone, so where
 * another runs (another Node.js, `--max-old-space-size`), the first nodes leave theirs for those to come.
 */
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'
import type { boot } from './boot.ts'

/** What the bundle exports. */
export interface Bundle {
  readonly boot: typeof boot
}

/** The bundle, compiled. */
export interface CompiledBundle {
  /** Where its compiled code is kept for this V8 and its flags. */
  readonly cachePath: string
  /** Whether it was there, and V8 took it. */
  readonly wasKept: boolean
  /** Keeps what V8 has compiled by now, if it can be written there and another thread has not been faster. */
  keep(): void
  /** Runs it; `require` finds what belongs to Node.js. */
  run(require: NodeJS.Require): Bundle
}

type Wrapper = (require: NodeJS.Require, module: { exports: Bundle }, url: string) => void

/** Reads and compiles the bundle beside this file. Throws Node's error when it is not there. */
export function compileBundle(): CompiledBundle {
  const path = fileURLToPath(new URL('./boot.cjs', import.meta.url))
  // The build escapes all but ASCII.
  const text = readFileSync(path, 'latin1')
  // V8 tells a text from another by its length alone, so the name has the hash that ends the first line.
  const hash = text.slice(text.indexOf('//') + '//'.length, text.indexOf('\n'))
  const cachePath = path.replace(/\.cjs$/, `.${hash}.${compilerKey()}`)
  const { script, wasThere } = compile(text, path, cachePath)
  return {
    cachePath,
    wasKept: script.cachedDataRejected === false,
    keep() {
      const isThereNow = !wasThere && existsSync(cachePath)
      if (!isThereNow) replaceIfPossible(cachePath, script.createCachedData())
    },
    run(require) {
      const module = { exports: {} as Bundle }
      const wrapper: Wrapper = script.runInThisContext()
      wrapper(require, module, new URL('./boot.cjs', import.meta.url).href)
      return module.exports
    },
  }
}

/** Apart from what lives as long as the thread, which would hold the kept code, 1.6 MB, along with it. */
function compile(text: string, path: string, cachePath: string) {
  const cachedData = readIfThere(cachePath)
  const script = new Script(text, { filename: path, ...(cachedData && { cachedData }) })
  return { script, wasThere: cachedData !== undefined }
}

/**
 * What code must have been compiled by to be taken here. It begins with V8's magic number and version, a checksum of the text
 * and one of V8's flags (SerializedCodeData in V8's code-serializer.h): those of any text tell.
 */
function compilerKey(): string {
  const header = new Script('').createCachedData().toString('hex', 0, 16)
  return `${header.slice(0, 16)}-${header.slice(24)}-${process.arch}`
}

/** Writing takes a few milliseconds: whoever has begun longer ago than this ended meanwhile. */
const DRAFT_MAX_MS = 60_000

/** Another thread or process may read or write it at any time. */
function replaceIfPossible(path: string, data: Uint8Array): void {
  const draft = `${path}.draft`
  try {
    removeIfOld(draft)
    // One writes at a time: a process that ends while it writes leaves one draft at most, and not for ever.
    writeFileSync(draft, data, { flag: 'wx' })
    renameSync(draft, path)
  } catch (error) {
    // A package may lie where nothing can be written, and does without.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') rmSync(draft, { force: true })
  }
}

function removeIfOld(draft: string): void {
  const stats = statSync(draft, { throwIfNoEntry: false })
  if (stats !== undefined && Date.now() - stats.mtimeMs > DRAFT_MAX_MS) rmSync(draft)
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}
