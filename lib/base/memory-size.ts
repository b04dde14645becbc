/** Numbers of bytes as redis.conf spells them, with an optional unit (memtoull in util.c). */
import type { Bytes } from './bytes.ts'

const ULONG_MAX = 2n ** 64n - 1n

const UNITS: Readonly<Record<string, bigint>> = {
  '': 1n,
  b: 1n,
  k: 1000n,
  kb: 1024n,
  m: 1000n ** 2n,
  mb: 1024n ** 2n,
  g: 1000n ** 3n,
  gb: 1024n ** 3n,
}

/** Bytes with an optional unit, as `memtoull` reads them: too many saturate, their multiple wraps at 64 bits. */
export function parseMemory(word: Bytes): bigint | undefined {
  const [, digits = '', unit = ''] = /^([0-9]*)([a-z]*)$/i.exec(word) ?? []
  const multiple = UNITS[unit.toLowerCase()]
  if (digits.length + unit.length !== word.length || multiple === undefined) return undefined
  if (digits.length >= 128) return undefined
  const count = digits === '' ? 0n : BigInt(digits)
  return BigInt.asUintN(64, (count > ULONG_MAX ? ULONG_MAX : count) * multiple)
}

/** Bytes in the largest unit that divides them: `100mb`. */
export function spellMemory(text: Bytes): Bytes {
  const bytes = BigInt(text)
  for (const unit of ['gb', 'mb', 'kb']) {
    const size = UNITS[unit] as bigint
    if (bytes !== 0n && bytes % size === 0n) return `${bytes / size}${unit}`
  }
  return text
}
