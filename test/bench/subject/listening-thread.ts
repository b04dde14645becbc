/**
 * A thread that listens on a free port and says so, and wakes up as often as a server does by itself (`hz 10`). Given
 * channels to others, it sends each as many bytes as a PING has, answers theirs, and says when all have answered.
 */
import { createServer } from 'node:net'
import { type MessagePort, parentPort } from 'node:worker_threads'

/** Head, bitmap of slots and gossip of a few nodes. */
const PING_BYTES = 2400
const PING = 0
const PONG = 1

createServer().listen(0, '127.0.0.1', () => parentPort?.postMessage('listening'))
setInterval(() => {}, 100)
parentPort?.once('message', meet)

function meet(peers: readonly MessagePort[]): void {
  let pongs = 0
  for (const peer of peers) {
    peer.on('message', ([kind]: Uint8Array) => {
      if (kind === PING) say(peer, PONG)
      else if (++pongs === peers.length) parentPort?.postMessage('met')
    })
    say(peer, PING)
  }
}

function say(peer: MessagePort, kind: number): void {
  const message = new Uint8Array(PING_BYTES)
  message[0] = kind
  peer.postMessage(message, [message.buffer])
}
