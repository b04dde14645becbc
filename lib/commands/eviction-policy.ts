/** What `maxmemory-policy` means for how the use of keys is recorded. */
import type { ConfigPort } from './context.ts'

/** Frequencies are recorded, not times. */
export function countsFrequency(config: ConfigPort): boolean {
  return config.text('maxmemory-policy').endsWith('-lfu')
}
