/**
 * The first line of a library's source: engine and name (functionExtractLibMetaData and functionsVerifyName in functions.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { splitArguments } from '../resp/inline.ts'
import { ReplyError } from '../resp/reply-error.ts'

/** What a library's source says of it. */
export interface FunctionHeader {
  readonly engine: Bytes
  readonly name: Bytes
  /** The source from the end of its first line on, so that lines count as in the whole. */
  readonly body: Bytes
}

const NAME_ARGUMENT = /^name=/i

/** Reads the first line. Throws ReplyError. */
export function parseFunctionHeader(source: Bytes): FunctionHeader {
  if (!source.startsWith('#!')) throw new ReplyError('ERR Missing library metadata')
  const end = source.indexOf('\n')
  const line = source.slice(0, end)
  if (end < 0 || line.includes('\0')) throw new ReplyError('ERR Invalid library metadata')
  const [shebang, ...words] = splitArguments(line) ?? []
  if (shebang === undefined) throw new ReplyError('ERR Invalid library metadata')
  let name: Bytes | undefined
  for (const word of words) {
    if (!NAME_ARGUMENT.test(word)) {
      throw new ReplyError(`ERR Invalid metadata value given: ${word}`)
    }
    if (name !== undefined) {
      throw new ReplyError('ERR Invalid metadata value, name argument was given multiple times')
    }
    name = word.slice('name='.length)
  }
  if (name === undefined) throw new ReplyError('ERR Library name was not given')
  return { engine: shebang.slice(2), name, body: source.slice(end) }
}

/** Throws ReplyError unless a library or a function may be called so. */
export function checkFunctionName(name: Bytes): void {
  if (/^[A-Za-z0-9_]+$/.test(name)) return
  throw new ReplyError(
    'ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long',
  )
}
