/**
 * A thread that answers the commands of a client of a cluster, passes SET on to one that follows it, and does nothing else: the
 * floor of a master in a thread. It owns no key; what GET says is always the same.
 */
import { connect, createServer, type Socket } from 'node:net'
import { parentPort } from 'node:worker_threads'
import { SLOT_COUNT } from '../../../lib/base/crc16.ts'

/** Where those that answer listen, and the one that follows this one. */
export interface Roles {
  readonly ports: readonly number[]
  readonly follower: number
}

const HOST = '127.0.0.1'
const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`

/** What it says to each command; all else is `+OK`. */
const replies = new Map([
  ['GET', bulk('value')],
  ['INFO', bulk('redis_version:7.0.15\r\nloading:0\r\n')],
  ['HELLO', '%3\r\n+server\r\n+redis\r\n+proto\r\n:3\r\n+version\r\n+7.0.15\r\n'],
])

let follower: Socket | undefined

const server = createServer({ noDelay: true }, (socket) => {
  let waiting = ''
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    waiting += chunk
    let said = ''
    let passedOn = ''
    let at = 0
    for (let end = endOf(at); end > 0; end = endOf(at)) {
      const name = nameAt(at)
      said += replies.get(name) ?? '+OK\r\n'
      if (name === 'SET') passedOn += waiting.slice(at, end)
      at = end
    }
    waiting = waiting.slice(at)
    socket.write(said, 'latin1')
    if (passedOn !== '') follower?.write(passedOn, 'latin1')
  })
  socket.on('error', () => {})

  /** Where the command that begins there ends; 0 when not all of it has come. */
  function endOf(begin: number): number {
    let at = lineEnd(begin)
    for (let left = numberAt(begin); left > 0; left--) {
      if (at === 0 || at >= waiting.length) return 0
      const textAt = lineEnd(at)
      at = textAt === 0 ? 0 : textAt + numberAt(at) + 2
    }
    return at > waiting.length ? 0 : at
  }

  function nameAt(begin: number): string {
    const lengthAt = lineEnd(begin)
    const textAt = lineEnd(lengthAt)
    return waiting.slice(textAt, textAt + numberAt(lengthAt)).toUpperCase()
  }

  function lineEnd(begin: number): number {
    return waiting.indexOf('\n', begin) + 1
  }

  function numberAt(begin: number): number {
    return Number.parseInt(waiting.slice(begin + 1, begin + 8), 10)
  }
})

server.listen(0, HOST, () => parentPort?.postMessage((server.address() as { port: number }).port))

// Each of those that answer says it owns an equal share of the slots.
parentPort?.once('message', ({ ports, follower: followerPort }: Roles) => {
  const share = Math.ceil(SLOT_COUNT / ports.length)
  const owners = ports.map((port, index) => {
    const first = index * share
    const last = Math.min(first + share, SLOT_COUNT) - 1
    const id = String(port).padStart(40, '0')
    return `*3\r\n:${first}\r\n:${last}\r\n*3\r\n${bulk(HOST)}:${port}\r\n${bulk(id)}`
  })
  replies.set('CLUSTER', `*${owners.length}\r\n${owners.join('')}`)
  follower = connect({ port: followerPort, host: HOST, noDelay: true }, () =>
    parentPort?.postMessage('told'),
  )
})
