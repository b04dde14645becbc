/**
 * A HyperLogLog in the bytes of a string, in Redis' own format (hyperloglog.c): a header with the last estimate, then
 * 16384 registers, either `dense`, six bits each, or `sparse`, as runs. It starts sparse and never turns back.
 * Invariant: a register only grows; the estimate in the header is void once one has.
 */
import { Buffer } from 'node:buffer'
import type { Bytes } from '../base/bytes.ts'
import { murmur64 } from '../base/murmur.ts'
import { describeRuns, readRuns, SPARSE_MAX, setInRuns } from './hyperloglog-run.ts'

/** Registers of a HyperLogLog. */
export const REGISTERS = 16384
const REGISTER_BITS = 6
const REGISTER_MAX = (1 << REGISTER_BITS) - 1
const HEADER_BYTES = 16
const DENSE_BYTES = HEADER_BYTES + (REGISTERS * REGISTER_BITS) / 8
const INDEX_BITS = 14
/** Bits of the hash that do not choose the register. */
const RANK_BITS = 64 - INDEX_BITS
const MAGIC = 'HYLL'
const Encoding = { dense: 0, sparse: 1 } as const
const ENCODING_AT = 4
const ESTIMATE_AT = 8
/** Set in the estimate's last byte when it is void. */
const VOID = 0x80
const ALPHA = 0.7213475204444817

/** The bytes announce a HyperLogLog and hold something else. */
export class CorruptHyperLogLog extends Error {
  override readonly name = 'CorruptHyperLogLog'
}

/** Whether bytes look like a HyperLogLog (isHLLObjectOrReply). */
export function isHyperLogLog(bytes: Bytes): boolean {
  if (bytes.length < HEADER_BYTES || !bytes.startsWith(MAGIC)) return false
  const encoding = bytes.charCodeAt(ENCODING_AT)
  if (encoding === Encoding.dense) return bytes.length === DENSE_BYTES
  return encoding === Encoding.sparse
}

/** A HyperLogLog being read or changed. */
export class HyperLogLog {
  /** As they are to be stored: the Buffer given while it is dense, another one after a change of a sparse one. */
  bytes: Buffer

  /** `bytes` pass {@link isHyperLogLog}; without them, one that has seen nothing. */
  constructor(bytes: Buffer = emptyBytes()) {
    this.bytes = bytes
  }

  get encoding(): 'dense' | 'sparse' {
    return this.bytes[ENCODING_AT] === Encoding.dense ? 'dense' : 'sparse'
  }

  /** Counts an element; true when a register grew. `sparseMaxBytes` is hll-sparse-max-bytes. Throws {@link CorruptHyperLogLog}. */
  add(element: Bytes, sparseMaxBytes: number): boolean {
    const { high, low } = murmur64(element)
    return this.raise(low & (REGISTERS - 1), rankOf(high, low), sparseMaxBytes)
  }

  /** Makes a register at least so great; true when it was smaller. Throws {@link CorruptHyperLogLog}. */
  raise(register: number, value: number, sparseMaxBytes: number): boolean {
    if (this.encoding === 'dense') return this.#raiseDense(register, value)
    if (value <= SPARSE_MAX) {
      const runs = this.bytes.subarray(HEADER_BYTES)
      const changed = setInRuns(runs, register, value, sparseMaxBytes - HEADER_BYTES)
      if (changed === 'corrupt') throw new CorruptHyperLogLog()
      if (changed === undefined) return false
      if (changed !== 'too-long') {
        this.bytes = Buffer.concat([this.bytes.subarray(0, HEADER_BYTES), changed])
        this.voidEstimate()
        return true
      }
    }
    this.makeDense()
    return this.#raiseDense(register, value)
  }

  #raiseDense(register: number, value: number): boolean {
    if (readDense(this.bytes, register) >= value) return false
    writeDense(this.bytes, register, value)
    return true
  }

  /** Gives each register its six bits; false when it was so already. Throws {@link CorruptHyperLogLog}. */
  makeDense(): boolean {
    if (this.encoding === 'dense') return false
    const dense = Buffer.alloc(DENSE_BYTES)
    this.bytes.copy(dense, 0, 0, HEADER_BYTES)
    dense[ENCODING_AT] = Encoding.dense
    const registers = this.registers()
    for (let i = 0; i < REGISTERS; i++) {
      if (registers[i] !== 0) writeDense(dense, i, registers[i] as number)
    }
    this.bytes = dense
    return true
  }

  /** All registers. Throws {@link CorruptHyperLogLog}. */
  registers(): Uint8Array {
    if (this.encoding === 'dense') {
      return Uint8Array.from({ length: REGISTERS }, (_, i) => readDense(this.bytes, i))
    }
    const registers = new Uint8Array(REGISTERS)
    if (!readRuns(this.bytes.subarray(HEADER_BYTES), registers)) throw new CorruptHyperLogLog()
    return registers
  }

  /** The estimate as it was made last, undefined when something was counted since. */
  get estimate(): bigint | undefined {
    const isVoid = (this.bytes[ESTIMATE_AT + 7] as number) & VOID
    return isVoid ? undefined : this.bytes.readBigUInt64LE(ESTIMATE_AT)
  }

  set estimate(value: bigint) {
    this.bytes.writeBigUInt64LE(value, ESTIMATE_AT)
  }

  voidEstimate(): void {
    this.bytes[ESTIMATE_AT + 7] = (this.bytes[ESTIMATE_AT + 7] as number) | VOID
  }

  /** The runs of a sparse one as PFDEBUG DECODE shows them. */
  describe(): Bytes {
    return describeRuns(this.bytes.subarray(HEADER_BYTES))
  }
}

/** How many different elements the registers have seen (hllCount, by Ertl's estimator). */
export function estimateOf(registers: Uint8Array): number {
  const histogram = new Uint32Array(REGISTER_MAX + 1)
  for (const register of registers) histogram[register] = (histogram[register] as number) + 1
  const at = (rank: number) => histogram[rank] as number
  let z = REGISTERS * tau((REGISTERS - at(RANK_BITS + 1)) / REGISTERS)
  for (let rank = RANK_BITS; rank >= 1; rank--) z = (z + at(rank)) * 0.5
  z += REGISTERS * sigma(at(0) / REGISTERS)
  return Math.round((ALPHA * REGISTERS * REGISTERS) / z)
}

function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY
  let [x, y, z, before] = [share, 1, share, Number.NaN]
  while (before !== z) {
    x *= x
    before = z
    z += x * y
    y += y
  }
  return z
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0
  let [x, y, z, before] = [share, 1, 1 - share, Number.NaN]
  while (before !== z) {
    x = Math.sqrt(x)
    before = z
    y *= 0.5
    z -= (1 - x) ** 2 * y
  }
  return z / 3
}

/** One more than the zeros at the end of what the register's number leaves of the hash. */
function rankOf(high: number, low: number): number {
  const rest = low >>> INDEX_BITS
  if (rest !== 0) return trailingZeros(rest) + 1
  return high === 0 ? RANK_BITS + 1 : 32 - INDEX_BITS + trailingZeros(high) + 1
}

function trailingZeros(value: number): number {
  return 31 - Math.clz32(value & -value)
}

function emptyBytes(): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + 2)
  bytes.write(MAGIC, 'latin1')
  bytes[ENCODING_AT] = Encoding.sparse
  // One run of zeros for all registers.
  bytes.writeUInt16BE(0x4000 | (REGISTERS - 1), HEADER_BYTES)
  return bytes
}

function readDense(bytes: Buffer, register: number): number {
  const bit = register * REGISTER_BITS
  const at = HEADER_BYTES + (bit >>> 3)
  const pair = (bytes[at] as number) | ((bytes[at + 1] ?? 0) << 8)
  return (pair >>> (bit & 7)) & REGISTER_MAX
}

function writeDense(bytes: Buffer, register: number, value: number): void {
  const bit = register * REGISTER_BITS
  const at = HEADER_BYTES + (bit >>> 3)
  const shift = bit & 7
  const pair = (bytes[at] as number) | ((bytes[at + 1] ?? 0) << 8)
  const changed = (pair & ~(REGISTER_MAX << shift)) | (value << shift)
  bytes[at] = changed & 0xff
  if (at + 1 < bytes.length) bytes[at + 1] = changed >>> 8
}
