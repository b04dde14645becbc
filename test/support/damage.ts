/** Bytes damaged at random, as a disk, a network or an editor may do it. */
import { Buffer } from 'node:buffer'
import type { Random } from '../../lib/base/random.ts'

/** A copy with a few bytes changed, removed, repeated, put in between or cut off. */
export function damaged(bytes: Buffer, random: Random): Buffer {
  let result = Buffer.from(bytes)
  for (let n = 0; n <= random.below(3); n++) {
    const at = random.below(result.length || 1)
    const length = 1 + random.below(random.below(4) === 0 ? 40 : 4)
    switch (random.below(6)) {
      case 0:
        result[at] = random.below(256)
        break
      case 1:
        result[at] = (result[at] as number) ^ (1 << random.below(8))
        break
      case 2:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + length)])
        break
      case 3:
        result = Buffer.concat([result.subarray(0, at + length), result.subarray(at)])
        break
      case 4:
        result = Buffer.concat([
          result.subarray(0, at),
          Buffer.from(random.bytes(length), 'latin1'),
          result.subarray(at),
        ])
        break
      default:
        if (random.below(4) === 0) result = result.subarray(0, at)
    }
  }
  return result
}

/** Commands that make keys of all types. */
export function keysOfAllTypes(): string[] {
  const lines = [
    'SET s value',
    `SET long ${'abc'.repeat(50)}`,
    'SET n 12345',
    'PEXPIREAT s 4000000000000',
  ]
  for (let i = 0; i < 12; i++) {
    lines.push(`RPUSH l e${i}`, `SADD ints ${i}`, `SADD set m${i}`, `ZADD z ${i / 2} m${i}`)
    lines.push(`HSET h f${i} v${i}`, `XADD x ${i + 1}-0 f v g ${i}`, `PFADD p ${i}`)
  }
  for (let i = 0; i < 140; i++) lines.push(`SADD bigset m${i}`, `ZADD bigz ${i} m${i}`)
  lines.push('XGROUP CREATE x g 0', 'XREADGROUP GROUP g ann COUNT 3 STREAMS x >')
  return lines
}

/** A nodes.conf with a node of each kind, failing and with open slots. */
export function nodesConfOfAllKinds(): Buffer {
  const ids = ['a', 'b', 'c'].map((letter) => letter.repeat(40))
  const lines = [
    `${ids[0]} 127.0.0.1:7000@17000,host myself,master - 0 1700000000000 3 connected 0-5460 [93->-${ids[1]}]`,
    `${ids[1]} 127.0.0.1:7001@17001 master - 0 1700000000000 2 connected 5461-16383 [77-<-${ids[0]}]`,
    `${ids[2]} 127.0.0.1:7002@17002 slave,fail? ${ids[0]} 1 1700000000000 3 disconnected`,
    'vars currentEpoch 3 lastVoteEpoch 0',
    '',
  ]
  return Buffer.from(lines.join('\n'))
}
