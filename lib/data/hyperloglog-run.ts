/**
 * The sparse registers of a HyperLogLog: runs of equal values (hllSparseSet in hyperloglog.c). A byte `00llllll` stands
 * for up to 64 zeros, two bytes `01llllll llllllll` for up to 16384, a byte `1vvvvvll` for up to four registers of a
 * value up to 32. Runs are cut and joined just as Redis does it, so the bytes are the same on every server.
 */
import { Buffer } from 'node:buffer'
import type { Bytes } from '../base/bytes.ts'

/** The greatest value a run can have. */
export const SPARSE_MAX = 32
const ZEROS_MAX = 64
const VALUES_MAX = 4
/** Runs looked at for neighbours that can be joined. */
const JOIN_RUNS = 5

interface Run {
  readonly value: number
  readonly length: number
  /** Bytes it takes: a short run of zeros may be written long. */
  readonly bytes: number
}

function runAt(runs: Uint8Array, at: number): Run {
  const first = runs[at] as number
  if (first & 0x80) return { value: ((first >> 2) & 31) + 1, length: (first & 3) + 1, bytes: 1 }
  if ((first & 0x40) === 0) return { value: 0, length: first + 1, bytes: 1 }
  return { value: 0, length: ((first & 63) << 8) + (runs[at + 1] ?? 0) + 1, bytes: 2 }
}

function encodeRun(value: number, length: number): number[] {
  if (length === 0) return []
  if (value > 0) return [0x80 | ((value - 1) << 2) | (length - 1)]
  if (length <= ZEROS_MAX) return [length - 1]
  return [0x40 | ((length - 1) >> 8), (length - 1) & 0xff]
}

/** Writes the values into registers; false when the runs do not cover exactly all of them. */
export function readRuns(runs: Uint8Array, registers: Uint8Array): boolean {
  let register = 0
  for (let at = 0; at < runs.length; ) {
    const { value, length, bytes } = runAt(runs, at)
    if (register + length > registers.length) return false
    if (value > 0) registers.fill(value, register, register + length)
    register += length
    at += bytes
  }
  return register === registers.length
}

/** The runs as text: `z:3` and `Z:300` for zeros in one and two bytes, `v:5,2` for two registers of 5. */
export function describeRuns(runs: Uint8Array): Bytes {
  const words: string[] = []
  for (let at = 0; at < runs.length; ) {
    const { value, length, bytes } = runAt(runs, at)
    words.push(value > 0 ? `v:${value},${length}` : `${bytes === 2 ? 'Z' : 'z'}:${length}`)
    at += bytes
  }
  return words.join(' ')
}

/**
 * The runs with a register raised to a value; undefined when it is that great already, `too-long` when more than
 * `maxBytes` would be needed, `corrupt` when no run covers the register.
 */
export function setInRuns(
  runs: Uint8Array,
  register: number,
  value: number,
  maxBytes: number,
): Buffer | undefined | 'too-long' | 'corrupt' {
  let at = 0
  let before = 0
  let first = 0
  let run: Run | undefined
  while (at < runs.length) {
    run = runAt(runs, at)
    if (register < first + run.length) break
    before = at
    at += run.bytes
    first += run.length
  }
  if (run === undefined || at >= runs.length) return 'corrupt'
  if (run.value >= value) return undefined
  const cut = [
    ...encodeRun(run.value, register - first),
    ...encodeRun(value, 1),
    ...encodeRun(run.value, first + run.length - 1 - register),
  ]
  const growth = cut.length - run.bytes
  if (growth > 0 && runs.length + growth > maxBytes) return 'too-long'
  const rest = runs.subarray(at + run.bytes)
  return joinFrom(Buffer.concat([runs.subarray(0, at), Buffer.from(cut), rest]), before)
}

/** Joins neighbours of one value, beginning at the run before the change. */
function joinFrom(runs: Buffer, start: number): Buffer {
  let joined = runs
  let at = start
  for (let left = JOIN_RUNS; left > 0 && at < joined.length; left--) {
    const run = runAt(joined, at)
    const next = at + 1 < joined.length ? runAt(joined, at + 1) : undefined
    if (run.value > 0 && next?.value === run.value && run.length + next.length <= VALUES_MAX) {
      joined[at + 1] = encodeRun(run.value, run.length + next.length)[0] as number
      joined = Buffer.concat([joined.subarray(0, at), joined.subarray(at + 1)])
    } else {
      at += run.bytes
    }
  }
  return joined
}
