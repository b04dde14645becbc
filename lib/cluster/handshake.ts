/**
 * Meeting a node: CLUSTER MEET makes an entry under a random id, MEET and the PONG to it turn that entry into the node
 * with its real id (clusterStartHandshake and the handshake part of clusterProcessPacket). The first PONG only renames;
 * what the node says about slots and epochs counts from its next message on.
 */
import { type BusHeader, NodeFlag } from '../bus/message.ts'
import { ReplyError } from '../resp/reply-error.ts'
import { updateAddress } from './address.ts'
import { count } from './census.ts'
import { type ClusterNode, hasFlag, inHandshake, newNode } from './cluster-node.ts'
import { broadcastPong, sendPing } from './delivery.ts'
import { normalizeIp } from './ip-address.ts'
import { dropLink, type Link } from './link.ts'
import { addNode, removeNode, renameNode } from './membership.ts'
import { type ClusterView, isInstant, log, saveLater, setFlags, touch } from './view.ts'

const MIN_HANDSHAKE_MS = 1000

/** CLUSTER MEET: throws unless the address can be one; silent if such a handshake is under way. */
export function meet(
  view: ClusterView,
  address: { readonly ip: string; readonly port: number; readonly busPort: number },
): void {
  const ip = normalizeIp(address.ip)
  if (ip === undefined || !isPort(address.port) || !isPort(address.busPort)) {
    throw new ReplyError(`ERR Invalid node address specified: ${address.ip}:${address.port}`)
  }
  startHandshake(view, { ip, port: address.port, busPort: address.busPort }, NodeFlag.meet)
}

function isPort(port: number): boolean {
  return port > 0 && port <= 65535
}

function startHandshake(
  view: ClusterView,
  address: { readonly ip: string; readonly port: number; readonly busPort: number },
  flags: number,
): void {
  for (const node of view.nodes) {
    if (!inHandshake(node) || node.ip !== address.ip) continue
    if (node.port === address.port && node.busPort === address.busPort) return
  }
  const node = newNode(view.random.nodeId(), NodeFlag.handshake | flags, view.now)
  node.ip = address.ip
  node.port = address.port
  node.busPort = address.busPort
  addNode(view, node)
}

/** A MEET from a node we do not know: enter a handshake with it from our side. */
export function answerMeet(view: ClusterView, header: BusHeader, link: Link): void {
  const node = newNode(view.random.nodeId(), NodeFlag.handshake, view.now)
  node.ip = header.ip === '' ? link.remoteIp : header.ip
  node.port = header.port
  node.otherPort = header.otherPort
  node.busPort = header.busPort
  addNode(view, node)
  saveLater(view)
}

/** The first words on a link we opened: MEET to a node the operator named, else PING. */
export function greet(view: ClusterView, link: Link): void {
  const node = link.node
  link.open = true
  touch(view)
  if (node === undefined) return
  count(view, node)
  log(view, 'debug', `Connecting with Node ${node.id} at ${node.ip}:${node.busPort}`)
  const oldestPingMs = node.pingSentMs
  sendPing(view, link, hasFlag(node, NodeFlag.meet) ? 'meet' : 'ping')
  // The clock of an unanswered ping does not start anew with a new connection.
  if (oldestPingMs !== 0) node.pingSentMs = oldestPingMs
  setFlags(view, node, 0, NodeFlag.meet)
}

/**
 * The first answer on our link to a node in handshake. True if the entry lives on under its real id; false if we knew
 * the node already, then the entry and its link are gone.
 */
export function completeHandshake(
  view: ClusterView,
  node: ClusterNode,
  sender: ClusterNode | undefined,
  header: BusHeader,
  link: Link,
): boolean {
  if (sender !== undefined) {
    log(
      view,
      'verbose',
      `Handshake: we already know node ${sender.id}, updating the address if needed.`,
    )
    updateAddress(view, sender, header, link)
    removeNode(view, node)
    return false
  }
  renameNode(view, node, header.sender)
  log(view, 'debug', `Handshake with node ${node.id} completed.`)
  setFlags(
    view,
    node,
    header.flags & (NodeFlag.master | NodeFlag.slave),
    NodeFlag.handshake | NodeFlag.meet,
  )
  saveLater(view)
  if (isInstant(view)) view.todo.introduce.push(node)
  return true
}

/** Removes a handshake that took too long; true if it did. */
export function expireHandshake(view: ClusterView, node: ClusterNode): boolean {
  if (!inHandshake(node)) return false
  const limitMs = Math.max(view.settings.nodeTimeoutMs, MIN_HANDSHAKE_MS)
  if (view.now - node.createdMs <= limitMs) return false
  removeNode(view, node)
  return true
}

/** An answer under another id than expected: the node that was there is not there any more. */
export function loseAddress(view: ClusterView, node: ClusterNode, header: BusHeader): void {
  const ageSeconds = Math.floor((view.now - node.createdMs) / 1000)
  log(
    view,
    'debug',
    `PONG contains mismatching sender ID. About node ${node.id} added ${ageSeconds} seconds ago, having flags ${node.flags}; it says it is ${header.sender}`,
  )
  setFlags(view, node, NodeFlag.noaddr)
  node.ip = ''
  node.port = 0
  node.otherPort = 0
  node.busPort = 0
  dropLink(view, node.outbound)
  saveLater(view)
}

/** Instant mode: tells a node just met of everybody, and everybody of it, so that nobody waits for chance gossip. */
export function introduceNodes(view: ClusterView): void {
  if (view.todo.introduce.length === 0) return
  const met = view.todo.introduce.filter((node) => view.nodes.get(node.id) === node)
  view.todo.introduce = []
  if (met.length === 0) return
  const known = view.nodes.all()
  for (const node of met) {
    if (node.outbound !== undefined) sendPing(view, node.outbound, 'ping', known)
  }
  broadcastPong(view, 'all', met)
}
