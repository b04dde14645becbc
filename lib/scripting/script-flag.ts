/**
 * What a script or a function promises or asks for (SCRIPT_FLAG_... in script.h). The order is the one in which FUNCTION LIST
 * tells them.
 */
import type { Bytes } from '../base/bytes.ts'

const SCRIPT_FLAGS = [
  'no-writes',
  'allow-oom',
  'allow-stale',
  'no-cluster',
  'allow-cross-slot-keys',
] as const

/** One of them. */
export type ScriptFlag = (typeof SCRIPT_FLAGS)[number]

/** The flag of this name in any case. */
export function scriptFlag(name: Bytes): ScriptFlag | undefined {
  return SCRIPT_FLAGS.find((flag) => flag === name.toLowerCase())
}

/** Flags in their order. */
export function flagsInOrder(flags: ReadonlySet<ScriptFlag>): readonly ScriptFlag[] {
  return SCRIPT_FLAGS.filter((flag) => flags.has(flag))
}
