/** A Keyv whose values lie on a server or cluster of Redis, by the client that @keyv/redis brings. */
import KeyvRedis, { createKeyv } from '@keyv/redis'
import { Keyv } from 'keyv'
import type { Test } from 'tap'
import { type Place, urls } from './library.ts'

/** Opens one; an error it mentions fails the test. */
export function keyvAt(t: Test, place: Place, options: { namespace?: string } = {}): Keyv {
  const [url = ''] = urls(place)
  const rootNodes = urls(place).map((url) => ({ url }))
  const keyv =
    place.kind === 'cluster'
      ? new Keyv({ store: new KeyvRedis({ rootNodes }), useKeyPrefix: false, ...options })
      : createKeyv(url, options)
  keyv.on('error', (error) => t.error(error))
  t.teardown(() => keyv.disconnect())
  return keyv
}
