/**
 * The gossip section of PING, PONG and MEET: 104 bytes a node (`clusterMsgDataGossip`).
 * Invariant: an entry that is written reads back equal.
 */
import type { Buffer } from 'node:buffer'
import { IP_BYTES, readNodeId, readText, writeNodeId, writeText } from './field.ts'
import type { GossipEntry } from './message.ts'

/** Bytes of an entry. */
export const GOSSIP_BYTES = 104

const At = {
  id: 0,
  pingSent: 40,
  pongReceived: 44,
  ip: 48,
  port: 94,
  busPort: 96,
  flags: 98,
  otherPort: 100,
} as const

/** Writes an entry into a buffer of zeros. */
export function writeGossip(target: Buffer, start: number, entry: GossipEntry): void {
  writeNodeId(target, start + At.id, entry.id)
  target.writeUInt32BE(entry.pingSentSeconds, start + At.pingSent)
  target.writeUInt32BE(entry.pongReceivedSeconds, start + At.pongReceived)
  writeText(target, start + At.ip, IP_BYTES, entry.ip)
  target.writeUInt16BE(entry.port, start + At.port)
  target.writeUInt16BE(entry.busPort, start + At.busPort)
  target.writeUInt16BE(entry.flags, start + At.flags)
  target.writeUInt16BE(entry.otherPort, start + At.otherPort)
}

/** Reads an entry. */
export function readGossip(source: Buffer, start: number): GossipEntry {
  return {
    id: readNodeId(source, start + At.id),
    pingSentSeconds: source.readUInt32BE(start + At.pingSent),
    pongReceivedSeconds: source.readUInt32BE(start + At.pongReceived),
    ip: readText(source, start + At.ip, IP_BYTES),
    port: source.readUInt16BE(start + At.port),
    otherPort: source.readUInt16BE(start + At.otherPort),
    busPort: source.readUInt16BE(start + At.busPort),
    flags: source.readUInt16BE(start + At.flags),
  }
}
