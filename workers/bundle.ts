/**
 * Loads the bundle, from compiled code where there is any: V8 takes 12 ms to compile a node, and six threads start on few
 * cores. The build leaves what V8 compiled beside the bundle; another V8 than the build's refuses it and compiles anew.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'
import type { boot } from './boot.ts'

/** What the bundle exports. */
export interface Bundle {
  readonly boot: typeof boot
}

/** The bundle, compiled. */
export interface CompiledBundle {
  readonly script: Script
  /** Where its compiled code is kept for this V8. */
  readonly cachePath: string
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
  const v8 = process.versions.v8.replace(/-.*/, '')
  const cachePath = path.replace(/\.cjs$/, `.${hash}.v8-${v8}-${process.arch}`)
  const cachedData = readIfThere(cachePath)
  const script = new Script(text, { filename: path, ...(cachedData && { cachedData }) })
  return {
    script,
    cachePath,
    run(require) {
      const module = { exports: {} as Bundle }
      const wrapper: Wrapper = script.runInThisContext()
      wrapper(require, module, new URL('./boot.cjs', import.meta.url).href)
      return module.exports
    },
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}
