/** The families of random commands, each by a generator of its own. */
import type { Generate } from '../random-run.ts'
import { generate as acl } from './acl.ts'
import { generate as bitmap } from './bitmap.ts'
import { generate as declared } from './declared.ts'
import { generate as encoding } from './encoding.ts'
import { generate as generic } from './generic.ts'
import { generate as geo } from './geo.ts'
import { generate as hash } from './hash.ts'
import { generate as list } from './list.ts'
import { generate as script } from './script.ts'
import { generate as set } from './set.ts'
import { generate as sortedSet } from './sorted-set.ts'
import { generate as stream } from './stream.ts'
import { generate as string } from './string.ts'

/** Generators by the name of their family. */
export const families: Readonly<Record<string, Generate>> = {
  string,
  bitmap,
  hash,
  list,
  set,
  'sorted set': sortedSet,
  geo,
  stream,
  generic,
  acl,
  script,
  encoding,
  declared,
}
