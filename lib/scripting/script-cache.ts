/**
 * The scripts of a node that are known, by the SHA-1 of their source (lua_scripts in eval.c). A script that was compiled once is
 * not compiled again, nor is its source hashed again. Invariant: what is known compiled without error.
 */
import type { Bytes } from '../base/bytes.ts'
import { hexOf, sha1 } from '../base/sha1.ts'
import { ReplyError } from '../resp/reply-error.ts'
import type { LuaEngine } from './engine.ts'
import type { ScriptFlag } from './script-flag.ts'
import { parseScriptHeader } from './script-header.ts'

/** How scripts are called in errors. */
const CHUNK = '@user_script'

/** What a dictionary entry and a script take in a Redis, beside the source. */
const ENTRY_BYTES = 112

/** A script that is known. */
export interface CachedScript {
  /** 40 hexadecimal digits. */
  readonly digest: Bytes
  readonly flags: ReadonlySet<ScriptFlag> | undefined
  /** By which the engine calls it. */
  readonly reference: number
}

/** Known scripts. */
export class ScriptCache {
  readonly #scripts = new Map<Bytes, CachedScript>()
  readonly #bySource = new Map<Bytes, CachedScript>()
  /** What it takes, as Redis reckons it. */
  bytes = 0

  get size(): number {
    return this.#scripts.size
  }

  /** The script of a digest, in any case. */
  find(digest: Bytes): CachedScript | undefined {
    return this.#scripts.get(digest) ?? this.#scripts.get(digest.toLowerCase())
  }

  /** The script of this source, if it is known. */
  findSource(source: Bytes): CachedScript | undefined {
    return this.#bySource.get(source)
  }

  /** Compiles a script unless it is known. Throws ReplyError. */
  load(source: Bytes, engine: LuaEngine): CachedScript {
    const known = this.#bySource.get(source)
    if (known !== undefined) return known
    const { flags, body } = parseScriptHeader(source)
    const reference = compile(engine, body)
    const script = { digest: hexOf(sha1(source)), flags, reference }
    this.#scripts.set(script.digest, script)
    this.#bySource.set(source, script)
    this.bytes += source.length + ENTRY_BYTES
    return script
  }

  clear(): void {
    this.#scripts.clear()
    this.#bySource.clear()
    this.bytes = 0
  }
}

function compile(engine: LuaEngine, body: Bytes): number {
  try {
    return engine.compile(body, CHUNK)
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error
    throw new ReplyError(`ERR Error compiling script (new function): ${error.message}`)
  }
}
