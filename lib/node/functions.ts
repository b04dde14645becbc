/**
 * The libraries of functions of a node, and the engine that runs them (functions.c): what commands and files are told of them.
 * Invariant: Lua is there only once a library is; a state that Lua gave up is followed by one that holds the same libraries.
 */
import type { Bytes } from '../base/bytes.ts'
import type { ConfigPort } from '../commands/context.ts'
import type {
  FunctionCall,
  FunctionLibraryFacts,
  FunctionPort,
  RestorePolicy,
} from '../commands/function-port.ts'
import type { ScriptPromise } from '../commands/script-variant.ts'
import type { LuaEngine } from '../scripting/engine.ts'
import {
  FunctionLibraries,
  type FunctionLoader,
  type RegisteredFunction,
} from '../scripting/function-library.ts'
import { LibraryLoader } from '../scripting/library-loader.ts'
import { flagsInOrder } from '../scripting/script-flag.ts'
import type { FunctionStore } from './dataset.ts'
import type { ScriptMemory } from './info/facts.ts'
import { promiseOf, type Scripting } from './scripting.ts'
import type { Session } from './session.ts'

/** What a library and a function take in a Redis, beside the source. */
const LIBRARY_BYTES = 72
const FUNCTION_BYTES = 70

/** What functions need of their node. */
export interface FunctionNode {
  readonly scripting: Scripting
  microseconds(): number
}

/** The functions of one node. */
export class Functions implements FunctionPort, FunctionStore {
  readonly #node: FunctionNode
  readonly #config: ConfigPort
  /** The engine that the libraries are in. */
  #engine: LuaEngine | undefined
  #libraries = new FunctionLibraries(NO_LOADER)

  constructor(node: FunctionNode, config: ConfigPort) {
    this.#node = node
    this.#config = config
  }

  get libraryCount(): number {
    return this.#libraries.libraryCount
  }

  get functionCount(): number {
    return this.#libraries.functionCount
  }

  /** What INFO tells of them. */
  get memory(): Omit<ScriptMemory, 'scriptVmBytes' | 'scriptBytes' | 'scriptCount'> {
    const sourceBytes = this.sources().reduce((sum, { length }) => sum + length, 0)
    const { libraryCount, functionCount } = this
    return {
      functionVmBytes: this.#engine?.lua.usedBytes ?? 0,
      functionBytes: sourceBytes + libraryCount * LIBRARY_BYTES + functionCount * FUNCTION_BYTES,
      functionCount,
      libraryCount,
    }
  }

  get running(): FunctionPort['running'] {
    const { busy, current } = this.#node.scripting
    if (current === undefined) return undefined
    const { run, milliseconds } = current
    if (run.kind === 'script' && busy !== undefined) throw busy
    return { name: run.name, argv: run.argv, milliseconds }
  }

  promiseOf(name: Bytes): ScriptPromise | undefined {
    const found = this.#libraries.find(name)
    return found === undefined ? undefined : promiseOf(found.flags)
  }

  /** Contexts are sessions here. */
  call(caller: Session, call: FunctionCall): void {
    const engine = this.#living()
    const found = this.#libraries.find(call.name) as RegisteredFunction
    this.#node.scripting.run(caller, {
      kind: 'function',
      engine,
      name: found.name,
      reference: found.reference,
      flags: found.flags,
      isReadonly: call.isReadonly,
      keys: call.keys,
      args: call.args,
      argv: call.argv,
    })
  }

  load(source: Bytes, options: { readonly replace: boolean }): Bytes {
    this.#living()
    return this.#libraries.load(source, options)
  }

  delete(name: Bytes): boolean {
    return this.#libraries.delete(name)
  }

  flush(): void {
    this.#libraries.flush()
  }

  list(pattern?: Bytes): readonly FunctionLibraryFacts[] {
    return this.#libraries.list(pattern).map(({ name, source, functions }) => ({
      name,
      source,
      functions: [...functions.values()].map(({ name, description, flags }) => ({
        name,
        description,
        flags: flagsInOrder(flags),
      })),
    }))
  }

  dump(): Bytes {
    return this.#libraries.dump({ compress: this.#config.boolean('rdbcompression') })
  }

  restore(payload: Bytes, policy: RestorePolicy): void {
    this.#living()
    this.#libraries.restore(payload, policy)
  }

  sources(): readonly Bytes[] {
    return this.#libraries.sources()
  }

  /** The engine, with all libraries in it. */
  #living(): LuaEngine {
    if (this.#engine !== undefined && !this.#engine.isDead) return this.#engine
    const sources = this.sources()
    const engine = this.#node.scripting.makeEngine('function')
    this.#engine = engine
    this.#libraries = new FunctionLibraries(loaderOf(engine, this.#node.microseconds))
    for (const source of sources) this.#libraries.load(source, { replace: false })
    return engine
  }
}

/** Without an engine there are no libraries. */
const NO_LOADER: FunctionLoader = {
  load: () => {
    throw new Error('there is no engine that could load a library')
  },
  release: () => {},
}

function loaderOf(engine: LuaEngine, microseconds: () => number): FunctionLoader {
  const loader = new LibraryLoader(engine.lua, microseconds)
  return {
    load: (body) => {
      try {
        return engine.orDie(() => loader.load(body))
      } finally {
        // The loader watched the clock in its own way.
        engine.watch()
      }
    },
    release: (reference) => loader.release(reference),
  }
}
