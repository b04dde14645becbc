/**
 * Every lever of the handle. Invariant: each member of `Levers` has its lever, in a file of its name; the README's table
 * is made of the interface's comments.
 */
import type { Levers } from '../handle.ts'
import { clientLink } from './client-link.ts'
import { flush } from './flush.ts'
import { kill } from './kill.ts'
import type { Lever } from './lever.ts'
import { link } from './link.ts'
import { partition } from './partition.ts'
import { pause } from './pause.ts'
import { restart } from './restart.ts'
import { resume } from './resume.ts'

/** The levers by name. */
export const levers = {
  kill,
  restart,
  pause,
  resume,
  partition,
  link,
  clientLink,
  flush,
} satisfies {
  readonly [Name in keyof Levers]: Lever<Name>
}
