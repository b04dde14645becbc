/** What threads say to each other over channels before they are a cluster: each sends a PING and answers those it gets. */
import type { MessagePort } from 'node:worker_threads'

/** Head, bitmap of slots and gossip of a few nodes. */
const PING_BYTES = 2400
const PING = 0
const PONG = 1

/** Greets the other end of each channel, answers what comes from there, and calls `met` when all have answered. */
export function meet(peers: readonly MessagePort[], met: () => void): void {
  let pongs = 0
  for (const peer of peers) {
    peer.on('message', ([kind]: Uint8Array) => {
      if (kind === PING) say(peer, PONG)
      else if (++pongs === peers.length) met()
    })
    say(peer, PING)
  }
}

function say(peer: MessagePort, kind: number): void {
  const message = new Uint8Array(PING_BYTES)
  message[0] = kind
  peer.postMessage(message, [message.buffer])
}
