/** The slot of a key beside `cluster-key-slot` of npm: CPU time per short key, throughput on a long one. */
import { Buffer } from 'node:buffer'
import clusterKeySlot from 'cluster-key-slot'
import { keySlot, keySlotIn } from '../../lib/base/crc16.ts'
import type { Plan } from './plan.ts'
import { interleave, median } from './sample.ts'
import type { Row } from './table.ts'

const KEYS = 1024
const KEY_BYTES = 16
const LONG_BYTES = 1 << 20
const BATCH_MICROSECONDS = 20_000

const keyBuffers = Array.from({ length: KEYS }, (_, i) =>
  Buffer.from(`key:${String(i * 7919).padStart(KEY_BYTES - 4, '0')}`, 'latin1'),
)
// Strings made of bytes, as a node makes them, lie in one piece.
const keys = keyBuffers.map((key) => key.toString('latin1'))
const long = Buffer.alloc(LONG_BYTES, 'a long key ').toString('latin1')
const longBuffer = Buffer.from(long, 'latin1')

/** The sum keeps the calls from being optimized away. */
let sum = 0

/** Measures slots of keys. */
export async function* benchCrc16({ quick }: Plan): AsyncGenerator<Row> {
  const repetitions = quick ? 9 : 25
  const name = 'cluster-key-slot'
  const target = { of: 'ratio', atMost: 0.2 } as const
  const short = [
    ['string', ourSlots, otherSlots, readStrings],
    ['buffer', ourSlotsOfBuffers, otherSlotsOfBuffers, readBuffers],
  ] as const
  for (const [kind, ours, other, floor] of short) {
    const found = await race(ours, other, repetitions)
    const least = await race(floor, other, repetitions)
    const nanoseconds = (micros: number) => (micros * 1000) / KEYS
    yield {
      what: `slot of a 16-byte key, ${kind}`,
      unit: 'ns',
      ours: nanoseconds(found.ours),
      other: { name, figure: nanoseconds(found.other) },
      target,
    }
    yield {
      what: `its floor: the bytes of a ${kind} read and no more`,
      unit: 'ns',
      ours: nanoseconds(least.ours),
      other: { name, figure: nanoseconds(least.other) },
    }
  }
  const lasting = [
    ['string', () => add(keySlot(long)), () => add(clusterKeySlot(long))],
    ['buffer', () => add(slotOfBuffer(longBuffer)), () => add(clusterKeySlot(longBuffer))],
  ] as const
  for (const [kind, ours, other] of lasting) {
    const found = await race(ours, other, repetitions)
    yield {
      what: `slot of a 1 MB key, ${kind} (more is better)`,
      unit: 'MB/s',
      ours: LONG_BYTES / found.ours,
      other: { name, figure: LONG_BYTES / found.other },
      target: { of: 'ours', atLeast: 1000 },
    }
  }
  if (!Number.isSafeInteger(sum)) throw new Error('the slots do not add up')
}

function slotOfBuffer(buffer: Buffer): number {
  return keySlotIn(buffer, 0, buffer.length)
}

// One loop each: what is called in a loop of two is compiled for neither.

function ourSlots(): void {
  for (const key of keys) sum += keySlot(key)
}

function otherSlots(): void {
  for (const key of keys) sum += clusterKeySlot(key)
}

function ourSlotsOfBuffers(): void {
  for (const key of keyBuffers) sum += slotOfBuffer(key)
}

function otherSlotsOfBuffers(): void {
  for (const key of keyBuffers) sum += clusterKeySlot(key)
}

function readStrings(): void {
  for (const key of keys) {
    let read = 0
    for (let i = 0; i < KEY_BYTES; i++) read ^= key.charCodeAt(i)
    sum += read
  }
}

function readBuffers(): void {
  for (const key of keyBuffers) {
    let read = 0
    for (let i = 0; i < KEY_BYTES; i++) read ^= key[i] as number
    sum += read
  }
}

function add(slot: number): void {
  sum += slot
}

async function race(
  ours: () => void,
  other: () => void,
  repetitions: number,
): Promise<{ ours: number; other: number }> {
  const samples = await interleave(
    { ours: async () => microsecondsPer(ours), other: async () => microsecondsPer(other) },
    repetitions,
  )
  // The first samples pay for compiling.
  return { ours: median(samples.ours.slice(2)), other: median(samples.other.slice(2)) }
}

/** CPU time of one call, microseconds. */
function microsecondsPer(work: () => void): number {
  const startAt = process.cpuUsage()
  for (let calls = 1; ; calls++) {
    work()
    const { user, system } = process.cpuUsage(startAt)
    if (user + system >= BATCH_MICROSECONDS) return (user + system) / calls
  }
}
