/** Commands as bytes: what a node says to another one, to its replicas and to its append-only file. */
import { type Bytes, PART_MAX } from '../base/bytes.ts'

/** A command as RESP. */
export function encodeCommand(argv: readonly Bytes[]): Bytes {
  let text = `*${argv.length}\r\n`
  for (const word of argv) text += `$${word.length}\r\n${word}\r\n`
  return text
}

/** Whether a command may be too long for one text. */
export function isLongCommand(argv: readonly Bytes[]): boolean {
  let bytes = 0
  for (const word of argv) bytes += word.length
  return bytes > PART_MAX
}

/** {@link encodeCommand} part by part. */
export function* partsOfCommand(argv: readonly Bytes[]): Generator<Bytes, void> {
  yield `*${argv.length}\r\n`
  for (const word of argv) {
    yield `$${word.length}\r\n`
    yield word
    yield '\r\n'
  }
}

/** Hands a command to `put` as RESP: in one go, or part by part where that may be too long for one text. */
export function putCommand(argv: readonly Bytes[], put: (text: Bytes) => void): void {
  if (!isLongCommand(argv)) put(encodeCommand(argv))
  else for (const part of partsOfCommand(argv)) put(part)
}
