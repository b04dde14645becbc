/**
 * A message arrives: who sent it, what it counts as, and what each kind does, in Redis' order (clusterProcessPacket). The
 * order matters: a PONG leaves before the ping's news is applied, a handshake's first answer only renames.
 */
import { unreachable } from '../base/assert.ts'
import {
  type BusHeader,
  type BusMessage,
  type FailMessage,
  MESSAGE_TYPES,
  type ModuleMessage,
  NodeFlag,
  type PingMessage,
} from '../bus/message.ts'
import { learnOwnAddress, updateAddress } from './address.ts'
import { type ClusterNode, inHandshake, isMaster, masterOf } from './cluster-node.ts'
import { sendPing } from './delivery.ts'
import { countVote } from './election.ts'
import { learnEpochs, resolveCollision } from './epoch.ts'
import { noteAnswer, processFail } from './failure-detection.ts'
import { processGossip } from './gossip.ts'
import { answerMeet, completeHandshake, loseAddress } from './handshake.ts'
import { associateInbound, type Link } from './link.ts'
import { beginForReplica, captureMasterOffset } from './manual-failover.ts'
import { attachReplica, detachReplica, markAsMaster } from './role.ts'
import { unassignAll } from './slot-assignment.ts'
import { sameBitmap } from './slot-bitmap.ts'
import {
  correctStaleClaim,
  followGrandmaster,
  inheritSlots,
  mergeClaim,
  processUpdate,
} from './slot-ownership.ts'
import { type ClusterView, emit, isInstant, log, saveLater, setFlags, touch } from './view.ts'
import { grantVote } from './vote.ts'

/** Counts a message that is not valid; unknown types are not counted. */
export function countReceived(view: ClusterView, messageType: number): void {
  if (messageType in MESSAGE_TYPES) {
    view.received[messageType] = (view.received[messageType] ?? 0) + 1
  }
}

/** Processes a message that came on a link. */
export function receive(view: ClusterView, link: Link, message: BusMessage): void {
  const type = MESSAGE_TYPES.indexOf(message.type)
  countReceived(view, type)
  if (type === view.ignoredType) {
    log(view, 'warning', 'Packet that matches debug drop filter')
    return
  }
  const { header } = message
  const sender = identify(view, link, header)
  if (sender !== undefined) {
    sender.dataReceivedMs = view.now
    if (!inHandshake(sender)) learnFromHeader(view, sender, header)
  }
  switch (message.type) {
    case 'ping':
    case 'pong':
    case 'meet':
      receivePing(view, link, message, sender)
      break
    case 'fail':
      processFail(view, sender, message)
      break
    case 'module':
      break
    default:
      // Of strangers nothing else is heard.
      if (sender !== undefined) receiveFrom(view, link, message, sender)
  }
}

type TrustedMessage = Exclude<BusMessage, PingMessage | FailMessage | ModuleMessage>

function receiveFrom(
  view: ClusterView,
  link: Link,
  message: TrustedMessage,
  sender: ClusterNode,
): void {
  switch (message.type) {
    case 'publish':
    case 'publishshard': {
      const { channel, payload } = message
      emit(view, { type: 'published', channel, payload, sharded: message.type === 'publishshard' })
      break
    }
    case 'auth-req':
      grantVote(view, sender, message.header)
      break
    case 'auth-ack':
      countVote(view, sender, message.header)
      break
    case 'mfstart':
      beginForReplica(view, sender, link)
      break
    case 'update':
      processUpdate(view, message)
      break
    default:
      unreachable(message)
  }
}

/** A link past its handshake is trusted to be its node; else the header's id tells, and claims the inbound link. */
function identify(view: ClusterView, link: Link, header: BusHeader): ClusterNode | undefined {
  if (link.node !== undefined && !inHandshake(link.node)) return link.node
  const sender = view.nodes.get(header.sender)
  if (link.node === undefined) {
    link.lastSender = header.sender
    if (sender !== undefined) associateInbound(view, sender, link)
  }
  return sender
}

function learnFromHeader(view: ClusterView, sender: ClusterNode, header: BusHeader): void {
  learnEpochs(view, sender, header)
  sender.replicationOffset = header.offset
  captureMasterOffset(view, sender, header)
}

function receivePing(
  view: ClusterView,
  link: Link,
  message: PingMessage,
  sender: ClusterNode | undefined,
): void {
  const { header } = message
  if (message.type !== 'pong') answer(view, link, message, sender)
  if (link.direction === 'to' && link.node !== undefined) {
    if (inHandshake(link.node)) {
      if (!completeHandshake(view, link.node, sender, header, link)) return
    } else if (link.node.id !== header.sender) {
      loseAddress(view, link.node, header)
      return
    }
  }
  if (sender !== undefined) learnAddress(view, link, message, sender)
  if (link.direction === 'to' && message.type === 'pong' && link.node !== undefined) {
    noteAnswer(view, link.node)
  }
  if (sender === undefined) return
  learnRole(view, sender, header)
  learnSlots(view, sender, header)
  resolveCollision(view, sender)
  processGossip(view, sender, message.gossip)
  learnHostname(view, sender, message)
}

/** PING and MEET: our own address, a handshake with a stranger that sent MEET, and the PONG. */
function answer(
  view: ClusterView,
  link: Link,
  message: PingMessage,
  sender: ClusterNode | undefined,
): void {
  if (message.type === 'meet' || view.myself.ip === '') learnOwnAddress(view, link)
  if (sender === undefined && message.type === 'meet') {
    answerMeet(view, message.header, link)
    processGossip(view, undefined, message.gossip)
  }
  sendPing(view, link, 'pong')
}

function learnAddress(
  view: ClusterView,
  link: Link,
  message: PingMessage,
  sender: ClusterNode,
): void {
  const noFailover = message.header.flags & NodeFlag.nofailover
  setFlags(view, sender, noFailover, NodeFlag.nofailover)
  if (message.type !== 'ping' || inHandshake(sender)) return
  if (updateAddress(view, sender, message.header, link)) {
    saveLater(view)
    view.todo.updateState = true
  }
}

function learnRole(view: ClusterView, sender: ClusterNode, header: BusHeader): void {
  if (header.masterId === undefined) {
    markAsMaster(view, sender)
    return
  }
  const master = view.nodes.get(header.masterId)
  if (isMaster(sender)) {
    if (master !== undefined && isInstant(view)) {
      const { configEpoch, slots } = header
      inheritSlots(view, sender, { node: master, configEpoch, slots })
    }
    unassignAll(view, sender)
    setFlags(view, sender, NodeFlag.slave, NodeFlag.master | NodeFlag.migrateTo)
    saveLater(view)
    view.todo.updateState = true
  }
  if (master === undefined || sender.master === master) return
  detachReplica(view, sender)
  attachReplica(view, master, sender)
  saveLater(view)
  // No claim may come any more that makes us look: what our master had is the new one's already.
  if (isInstant(view)) followGrandmaster(view)
}

function learnSlots(view: ClusterView, sender: ClusterNode, header: BusHeader): void {
  const master = masterOf(sender)
  if (master === undefined || sameBitmap(master.slots, header.slots)) return
  const claim = { node: master, configEpoch: header.configEpoch, slots: header.slots }
  if (isMaster(sender)) mergeClaim(view, claim)
  correctStaleClaim(view, sender, claim)
}

/** A message without a hostname means that the sender has none. */
function learnHostname(view: ClusterView, sender: ClusterNode, message: PingMessage): void {
  let hostname = ''
  for (const extension of message.extensions) {
    if (extension.type === 'hostname') hostname = extension.hostname
  }
  if (sender.hostname === hostname) return
  sender.hostname = hostname
  saveLater(view)
  touch(view)
}
