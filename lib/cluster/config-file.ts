/**
 * nodes.conf, read and written: the lines of CLUSTER NODES and a line of epochs (clusterLoadConfig, clusterSaveConfig).
 * Invariant: what is written reads back to the same view, but for times, links and handshakes.
 */

import type { Bytes } from '../base/bytes.ts'
import { SLOT_COUNT } from '../base/crc16.ts'
import { NodeFlag, type NodeId } from '../bus/message.ts'
import { splitArguments } from '../resp/inline.ts'
import { describeNodes, FLAG_NAMES } from './describe.ts'
import type { SlotRange } from './slot-bitmap.ts'
import type { ClusterView } from './view.ts'

/** A node of nodes.conf. */
export interface SavedNode {
  readonly id: NodeId
  readonly ip: string
  readonly port: number
  readonly busPort: number
  readonly hostname: string
  /** Flag bits. */
  readonly flags: number
  readonly masterId: NodeId | undefined
  /** A ping was pending; a pong was received ever. */
  readonly pinged: boolean
  readonly ponged: boolean
  readonly configEpoch: number
  readonly slots: readonly SlotRange[]
  readonly migrating: readonly (readonly [slot: number, target: NodeId])[]
  readonly importing: readonly (readonly [slot: number, source: NodeId])[]
}

/** What nodes.conf holds. */
export interface SavedConfig {
  readonly myId: NodeId
  readonly nodes: readonly SavedNode[]
  readonly currentEpoch: number
  readonly lastVoteEpoch: number
  /** Variables that mean nothing to us. */
  readonly unknownVariables: readonly string[]
}

/** nodes.conf cannot be understood: a node does not start with half an identity. */
export class CorruptConfigError extends Error {
  override readonly name = 'CorruptConfigError'

  /** `line`, from 1, is where it is; undefined when no line says who we are. */
  constructor(line?: number) {
    const place = line === undefined ? 'no node is myself' : `line ${line}`
    super(`Unrecoverable error: corrupted cluster config file (${place}).`)
  }
}

/** What a line says makes no sense. */
class Unreadable extends Error {}

/** The text of nodes.conf. */
export function writeConfig(view: ClusterView): Bytes {
  const nodes = describeNodes(view, NodeFlag.handshake)
  return `${nodes}vars currentEpoch ${view.currentEpoch} lastVoteEpoch ${view.lastVoteEpoch}\n`
}

/** Reads nodes.conf. Throws {@link CorruptConfigError}. */
export function parseConfig(text: Bytes): SavedConfig {
  const nodes: SavedNode[] = []
  const variables = new Map<string, string>()
  for (const [i, line] of text.split('\n').entries()) {
    if (line === '') continue
    try {
      const words = splitArguments(line)
      if (words === undefined) throw new Unreadable()
      if (words[0] === 'vars') readVariables(words.slice(1), variables)
      else nodes.push(readNode(words))
    } catch (error) {
      if (error instanceof Unreadable) throw new CorruptConfigError(i + 1)
      throw error
    }
  }
  const myself = nodes.find((node) => (node.flags & NodeFlag.myself) !== 0)
  if (myself === undefined) throw new CorruptConfigError()
  const currentEpoch = numberOf(variables.get('currentEpoch') ?? '0')
  const lastVoteEpoch = numberOf(variables.get('lastVoteEpoch') ?? '0')
  variables.delete('currentEpoch')
  variables.delete('lastVoteEpoch')
  return {
    myId: myself.id,
    nodes,
    currentEpoch,
    lastVoteEpoch,
    unknownVariables: [...variables.keys()],
  }
}

function readVariables(words: readonly string[], variables: Map<string, string>): void {
  if (words.length % 2 !== 0) throw new Unreadable()
  for (let i = 0; i < words.length; i += 2) variables.set(words[i] ?? '', words[i + 1] ?? '')
}

function readNode(words: readonly string[]): SavedNode {
  const [id, address, flags, master, pingSent, pongReceived, epoch] = words
  if (words.length < 8) throw new Unreadable()
  const open = { slots: [] as SlotRange[], migrating: [] as Open[], importing: [] as Open[] }
  for (const word of words.slice(8)) readSlots(word, open)
  return {
    id: idOf(id ?? ''),
    ...readAddress(address ?? ''),
    flags: readFlags(flags ?? ''),
    masterId: master === '-' ? undefined : idOf(master ?? ''),
    pinged: numberOf(pingSent ?? '') !== 0,
    ponged: numberOf(pongReceived ?? '') !== 0,
    configEpoch: numberOf(epoch ?? ''),
    ...open,
  }
}

type Open = readonly [slot: number, peer: NodeId]

/** `ip:port[@busPort][,hostname]`; an IPv6 address has colons of its own. */
function readAddress(text: string): Pick<SavedNode, 'ip' | 'port' | 'busPort' | 'hostname'> {
  const comma = text.indexOf(',')
  const address = comma < 0 ? text : text.slice(0, comma)
  const colon = address.lastIndexOf(':')
  if (colon < 0) throw new Unreadable()
  const [port = '', busPort] = address.slice(colon + 1).split('@')
  return {
    ip: address.slice(0, colon),
    port: numberOf(port),
    busPort: busPort === undefined ? numberOf(port) + 10_000 : numberOf(busPort),
    // What follows a second comma was written by later versions.
    hostname: comma < 0 ? '' : (text.slice(comma + 1).split(',')[0] ?? ''),
  }
}

function readFlags(text: string): number {
  let flags = 0
  for (const word of text.split(',')) {
    if (word === 'noflags') continue
    const known = FLAG_NAMES.find(([, name]) => name === word)
    if (known === undefined) throw new Unreadable()
    flags |= known[0]
  }
  return flags
}

function readSlots(
  word: string,
  open: { slots: SlotRange[]; migrating: Open[]; importing: Open[] },
): void {
  const bracket = /^\[(\d+)-([<>])-([^\]]*)\]/.exec(word)
  if (bracket !== null) {
    const [, slot = '', direction, peer = ''] = bracket
    const list = direction === '>' ? open.migrating : open.importing
    list.push([slotOf(slot), idOf(peer)])
    return
  }
  if (word.startsWith('[')) throw new Unreadable()
  const dash = word.indexOf('-')
  const start = slotOf(dash < 0 ? word : word.slice(0, dash))
  const end = dash < 0 ? start : slotOf(word.slice(dash + 1))
  open.slots.push([start, end])
}

/** A number as C's atoi reads it: leading digits, else zero. */
function numberOf(text: string): number {
  return Number(/^\d+/.exec(text)?.[0] ?? 0)
}

function slotOf(text: string): number {
  const slot = numberOf(text)
  if (slot >= SLOT_COUNT) throw new Unreadable()
  return slot
}

function idOf(text: string): NodeId {
  if (!/^[0-9a-z]{40}$/.test(text)) throw new Unreadable()
  // A name of a property: V8 keeps one of each, so that many machines in one thread share them and compare them at once.
  return Object.keys({ [text]: 0 })[0] as NodeId
}
