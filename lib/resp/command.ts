/** Commands as bytes: what a node says to another one, to its replicas and to its append-only file. */
import type { Bytes } from '../base/bytes.ts'

/** A command as RESP. */
export function encodeCommand(argv: readonly Bytes[]): Bytes {
  let text = `*${argv.length}\r\n`
  for (const word of argv) text += `$${word.length}\r\n${word}\r\n`
  return text
}
