/**
 * The first line of a script, where it says what it is: `#!lua flags=...` (evalExtractShebangFlags in eval.c). A script without
 * one is of the old kind and promises nothing.
 */
import type { Bytes } from '../base/bytes.ts'
import { splitArguments } from '../resp/inline.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { type ScriptFlag, scriptFlag } from './script-flag.ts'

/** What a script's first line says. */
export interface ScriptHeader {
  /** Undefined without such a line. */
  readonly flags: ReadonlySet<ScriptFlag> | undefined
  /** The source behind that line, from its end on, so that lines count as in the whole. */
  readonly body: Bytes
}

/** Reads the first line. Throws ReplyError. */
export function parseScriptHeader(source: Bytes): ScriptHeader {
  if (!source.startsWith('#!')) return { flags: undefined, body: source }
  const end = source.indexOf('\n')
  if (end < 0) throw new ReplyError('ERR Invalid script shebang')
  const [engine, ...options] = splitArguments(source.slice(0, end)) ?? []
  if (engine === undefined) throw new ReplyError('ERR Invalid engine in script shebang')
  if (engine !== '#!lua') {
    throw new ReplyError(`ERR Unexpected engine in script shebang: ${engine}`)
  }
  return { flags: flagsOf(options), body: source.slice(end) }
}

function flagsOf(options: readonly Bytes[]): ReadonlySet<ScriptFlag> {
  const flags = new Set<ScriptFlag>()
  for (const option of options) {
    if (!option.startsWith('flags=')) {
      throw new ReplyError(`ERR Unknown lua shebang option: ${option}`)
    }
    const names = option.slice('flags='.length)
    for (const name of names === '' ? [] : names.split(',')) {
      const flag = scriptFlag(name)
      if (flag !== name) throw new ReplyError(`ERR Unexpected flag in script shebang: ${name}`)
      flags.add(flag)
    }
  }
  return flags
}
