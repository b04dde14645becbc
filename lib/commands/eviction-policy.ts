/** What `maxmemory-policy` means for how the use of keys is recorded. */
import type { ConfigPort } from './context.ts'

/** Frequencies are recorded, not times. */
export function countsFrequency(config: ConfigPort): boolean {
  return config.text('maxmemory-policy').endsWith('-lfu')
}

/** Small integers exist once for all keys: not while each needs a time or a frequency of its own. */
export function sharesIntegers(config: ConfigPort): boolean {
  return config.number('maxmemory') === 0 || !/-l[rf]u$/.test(config.text('maxmemory-policy'))
}
