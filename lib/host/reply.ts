/**
 * Reads the few kinds of RESP2 replies that levers ask for. Replies come whole and are no errors.
 */
import type { Bytes } from '../base/bytes.ts'

/** An integer reply. */
export function integerIn(reply: string): number {
  return Number(reply.slice(1, reply.indexOf('\r')))
}

/** The bulk strings of an array. */
export function bulksIn(reply: string): Bytes[] {
  const bulks: Bytes[] = []
  let at = reply.indexOf('\r\n') + 2
  while (at < reply.length) {
    const begin = reply.indexOf('\r\n', at) + 2
    const end = begin + Number(reply.slice(at + 1, begin - 2))
    bulks.push(reply.slice(begin, end))
    at = end + 2
  }
  return bulks
}
