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
