/**
 * The libraries of functions of a node (functionsLibCtx in functions.c): loaded, listed, dumped and restored. What runs them
 * is behind {@link FunctionLoader}. Functions are found by their names in any case, libraries by theirs as they are.
 * Invariant: a change is made whole or not at all, and what is left of a library that went is released.
 */
import type { Bytes } from '../base/bytes.ts'
import { globMatch } from '../base/glob.ts'
import type { RestorePolicy } from '../commands/function-port.ts'
import { RdbCursor } from '../rdb/cursor.ts'
import { verifiedDump, withDumpFooter } from '../rdb/dump.ts'
import { RdbEncoder } from '../rdb/encoder.ts'
import { Opcode, RdbError } from '../rdb/format.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import { checkFunctionName, parseFunctionHeader } from './function-header.ts'
import type { ScriptFlag } from './script-flag.ts'

const FOOTER_BYTES = 10

/** What a library registers while it loads. */
export interface RegisteredFunction {
  readonly name: Bytes
  readonly description: Bytes | undefined
  readonly flags: ReadonlySet<ScriptFlag>
  /** By which the engine calls it. */
  readonly reference: number
}

/** The engine as libraries need it. */
export interface FunctionLoader {
  /** Runs the body of a library; what it registers, by name. Throws ReplyError, with nothing left of it. */
  load(body: Bytes): ReadonlyMap<Bytes, RegisteredFunction>
  /** Nobody calls this function any more. */
  release(reference: number): void
}

/** A library as it was loaded. */
export interface FunctionLibrary {
  readonly name: Bytes
  /** Whole, with its first line. */
  readonly source: Bytes
  readonly functions: ReadonlyMap<Bytes, RegisteredFunction>
}

/** All libraries. */
export class FunctionLibraries {
  readonly #loader: FunctionLoader
  #libraries = new Map<Bytes, FunctionLibrary>()
  /** By their names in lower case. */
  #functions = new Map<Bytes, RegisteredFunction>()

  constructor(loader: FunctionLoader) {
    this.#loader = loader
  }

  get libraryCount(): number {
    return this.#libraries.size
  }

  get functionCount(): number {
    let count = 0
    for (const { functions } of this.#libraries.values()) count += functions.size
    return count
  }

  /** Their sources, as files hold them. */
  sources(): Bytes[] {
    return [...this.#libraries.values()].map(({ source }) => source)
  }

  /** Those whose name matches a glob, or all. */
  list(pattern?: Bytes): FunctionLibrary[] {
    const all = [...this.#libraries.values()]
    return pattern === undefined ? all : all.filter(({ name }) => globMatch(pattern, name, true))
  }

  /** A function by its name in any case. */
  find(name: Bytes): RegisteredFunction | undefined {
    return this.#functions.get(name.toLowerCase())
  }

  /** Loads a library, over the one of its name if it may replace that; returns its name. Throws ReplyError. */
  load(source: Bytes, { replace }: { readonly replace: boolean }): Bytes {
    const { engine, name, body } = parseFunctionHeader(source)
    checkFunctionName(name)
    if (engine.toLowerCase() !== 'lua') throw new ReplyError(`ERR Engine '${engine}' not found`)
    const former = this.#libraries.get(name)
    if (former !== undefined && !replace) {
      throw new ReplyError(`ERR Library '${name}' already exists`)
    }
    const functions = this.#loader.load(body)
    const library = { name, source, functions }
    try {
      if (functions.size === 0) throw new ReplyError('ERR No functions registered')
      this.#checkNames(library, former)
    } catch (error) {
      this.#release(library)
      throw error
    }
    if (former !== undefined) this.delete(name)
    this.#add(library)
    return name
  }

  /** Whether there was one of this name. */
  delete(name: Bytes): boolean {
    const library = this.#libraries.get(name)
    if (library === undefined) return false
    this.#libraries.delete(name)
    this.#indexFunctions()
    this.#release(library)
    return true
  }

  /** Deletes all. */
  flush(): void {
    for (const library of this.#libraries.values()) this.#release(library)
    this.#libraries.clear()
    this.#functions.clear()
  }

  /** All libraries in one payload. */
  dump(options: { readonly compress: boolean }): Bytes {
    const encoder = new RdbEncoder(options)
    for (const source of this.sources()) {
      encoder.byte(Opcode.function)
      encoder.string(source)
    }
    return withDumpFooter(encoder.take())
  }

  /** Adds the libraries of a payload. Throws ReplyError, and nothing has changed. */
  restore(payload: Bytes, policy: RestorePolicy): void {
    const restored = new FunctionLibraries(this.#loader)
    try {
      for (const source of sourcesIn(payload)) restored.load(source, { replace: false })
      if (policy !== 'flush') this.#checkJoin(restored, policy)
    } catch (error) {
      restored.flush()
      throw error
    }
    if (policy === 'flush') this.flush()
    for (const library of restored.list()) {
      this.delete(library.name)
      this.#add(library)
    }
  }

  #checkJoin(others: FunctionLibraries, policy: RestorePolicy): void {
    const staying = new FunctionLibraries(this.#loader)
    for (const library of this.list()) {
      const isTaken = others.#libraries.has(library.name)
      if (isTaken && policy !== 'replace') {
        throw new ReplyError(`ERR Library ${library.name} already exists`)
      }
      if (!isTaken) staying.#add(library)
    }
    for (const library of others.list()) staying.#checkNames(library)
  }

  /** Throws ReplyError if another library, but for the former one, has a function of the same name. */
  #checkNames(library: FunctionLibrary, former?: FunctionLibrary): void {
    for (const name of library.functions.keys()) {
      const known = this.find(name)
      if (known === undefined || former?.functions.get(known.name) === known) continue
      throw new ReplyError(`ERR Function ${name} already exists`)
    }
  }

  #add(library: FunctionLibrary): void {
    this.#libraries.set(library.name, library)
    this.#indexFunctions()
  }

  /** Of functions of a library whose names differ in case alone, one is found. */
  #indexFunctions(): void {
    this.#functions = new Map()
    for (const { functions } of this.#libraries.values()) {
      for (const [name, one] of functions) {
        const key = name.toLowerCase()
        if (!this.#functions.has(key)) this.#functions.set(key, one)
      }
    }
  }

  #release({ functions }: FunctionLibrary): void {
    for (const { reference } of functions.values()) this.#loader.release(reference)
  }
}

/** The sources in a payload. Throws ReplyError. */
function* sourcesIn(payload: Bytes): Generator<Bytes> {
  const bytes = verifiedDump(payload)
  if (bytes === undefined) throw errors.badDump
  const cursor = new RdbCursor(bytes)
  // A source that claims to be longer than it is reads on into the footer, as in Redis.
  while (cursor.position < bytes.length - FOOTER_BYTES) {
    if (cursor.byte() !== Opcode.function) throw new ReplyError('ERR given type is not a function')
    let source: Bytes
    try {
      source = cursor.string()
    } catch (error) {
      if (!(error instanceof RdbError)) throw error
      throw new ReplyError('ERR Failed loading library payload')
    }
    yield source
  }
}
