/**
 * A server that keeps strings in a Map and knows no more commands than are compared with it: no cluster, no types, no expiry,
 * no check of anything. It reads and writes as a node does. What it costs is what the words of a command, a look-up and a reply
 * cost in a thread of Node.js.
 */
import { Buffer } from 'node:buffer'
import { createServer } from 'node:net'
import { parentPort } from 'node:worker_threads'
import { bytesIn } from '../../../lib/base/bytes.ts'
import { readIntoSharedBuffer } from '../../../lib/runtime/reused-buffer.ts'
import { writerOf } from '../../../lib/runtime/socket-writer.ts'

const CR = 0x0d
const DIGIT_0 = 0x30
const ARRAY = 0x2a

const values = new Map<string, string | number>()

/** What it answers to a command, of which only the commands it knows are sent. */
const answers: Readonly<Record<string, (argv: readonly string[]) => string>> = {
  PING: () => '+PONG\r\n',
  SET: ([, key, value]) => {
    values.set(key as string, value as string)
    return '+OK\r\n'
  },
  GET: ([, key]) => {
    const value = values.get(key as string)
    return value === undefined ? '$-1\r\n' : `$${String(value).length}\r\n${value}\r\n`
  },
  INCR: ([, key]) => {
    const value = Number(values.get(key as string) ?? 0) + 1
    values.set(key as string, value)
    return `:${value}\r\n`
  },
  MSET: (argv) => {
    for (let at = 1; at < argv.length; at += 2)
      values.set(argv[at] as string, argv[at + 1] as string)
    return '+OK\r\n'
  },
  // redis-benchmark asks what is configured.
  CONFIG: () => '*0\r\n',
}

const server = createServer({ noDelay: true, pauseOnConnect: true }, (accepted) => {
  let waiting = Buffer.alloc(0)
  const socket = readIntoSharedBuffer(accepted, (chunk, length) => {
    const read = chunk.subarray(0, length)
    const bytes = waiting.length === 0 ? read : Buffer.concat([waiting, read])
    const { said, end } = answerAll(bytes)
    waiting = end === bytes.length ? Buffer.alloc(0) : Buffer.from(bytes.subarray(end))
    if (said !== '') writer.write(said)
  })
  socket.on('error', () => {})
  const writer = writerOf(socket)
})
server.listen(0, '127.0.0.1', () =>
  parentPort?.postMessage((server.address() as { port: number }).port),
)

/** Answers to all commands that have come as a whole, and where what has not begins. */
function answerAll(bytes: Buffer): { readonly said: string; readonly end: number } {
  const text = bytesIn(bytes)
  let said = ''
  let end = 0
  let at = 0

  /** The number at a place, whose line ends; negative when that has not come. */
  function number(): number {
    let value = 0
    for (at++; at < bytes.length; at++) {
      const byte = bytes[at] as number
      if (byte === CR) {
        at += 2
        return at <= bytes.length ? value : -1
      }
      value = value * 10 + byte - DIGIT_0
    }
    return -1
  }

  while (at < bytes.length) {
    const argv: string[] = []
    if (bytes[at] === ARRAY) {
      let left = number()
      for (; left > 0; left--) {
        const length = number()
        if (length < 0 || at + length + 2 > bytes.length) return { said, end }
        argv.push(text.slice(at, at + length))
        at += length + 2
      }
      if (left < 0) return { said, end }
    } else {
      const lineEnd = text.indexOf('\r\n', at)
      if (lineEnd < 0) return { said, end }
      argv.push(text.slice(at, lineEnd))
      at = lineEnd + 2
    }
    said += answers[argv[0] as string]?.(argv) ?? '-ERR unknown\r\n'
    end = at
  }
  return { said, end }
}
