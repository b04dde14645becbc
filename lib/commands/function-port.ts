/**
 * Libraries of functions as commands see them; the node room implements it.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Context } from './context.ts'
import type { ScriptPromise } from './script-variant.ts'

/** A library of functions, as FUNCTION LIST tells it. */
export interface FunctionLibraryFacts {
  readonly name: Bytes
  readonly source: Bytes
  readonly functions: readonly {
    readonly name: Bytes
    readonly description: Bytes | undefined
    readonly flags: readonly Bytes[]
  }[]
}

/** What becomes of the libraries that there are when others are restored. */
export type RestorePolicy = 'append' | 'replace' | 'flush'

/** A function that is to be called. */
export interface FunctionCall {
  readonly name: Bytes
  readonly keys: readonly Bytes[]
  readonly args: readonly Bytes[]
  /** The command as it was sent. */
  readonly argv: readonly Bytes[]
  /** It may not write. */
  readonly isReadonly: boolean
}

/** Libraries of functions. */
export interface FunctionPort {
  readonly libraryCount: number
  readonly functionCount: number
  /** The function that runs. Throws ReplyError while a script does. */
  readonly running:
    | { readonly name: Bytes; readonly argv: readonly Bytes[]; readonly milliseconds: number }
    | undefined
  /** What a function says of itself; undefined when there is none of this name. */
  promiseOf(name: Bytes): ScriptPromise | undefined
  /** Calls a function that there is; it writes the reply, perhaps in a later turn. Throws ReplyError. */
  call(context: Context, call: FunctionCall): void
  /** Loads a library and returns its name. Throws ReplyError. */
  load(source: Bytes, options: { readonly replace: boolean }): Bytes
  /** False when there is no such library. */
  delete(name: Bytes): boolean
  flush(): void
  /** Libraries whose names match a glob, or all. */
  list(pattern?: Bytes): readonly FunctionLibraryFacts[]
  dump(): Bytes
  /** Adds the libraries of a payload, or throws ReplyError and leaves all as it was. */
  restore(payload: Bytes, policy: RestorePolicy): void
}
