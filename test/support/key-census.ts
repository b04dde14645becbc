/**
 * Keys of every type, and where in a cluster each of them is: a key must be on one master, and hold what it held.
 * The nodes need `enable-debug-command yes`.
 */
import type { Bytes } from '../../lib/base/bytes.ts'
import { Random } from '../../lib/base/random.ts'
import type { NodeUnderTest } from './cluster-under-test.ts'
import { largeSamples, smallSamples } from './key-sample.ts'
import { RespClient, RespError, type RespValue } from './resp-client.ts'

/** What was found of a key: its master, and a digest of what it holds. */
export interface Found {
  readonly node: number
  readonly digest: Bytes
  /** Seconds, -1 without an expiry. */
  readonly isExpiring: boolean
}

/** Writes keys of every kind, `perType` of each with names of different slots, through the node of each key. */
export async function writeSamples(
  nodes: readonly NodeUnderTest[],
  nameOf: (type: string, index: number) => Bytes,
  perType: number,
): Promise<void> {
  const clients = await Promise.all(nodes.map(({ port, host }) => RespClient.connect(port, host)))
  for (const [type, sample] of Object.entries({ ...smallSamples, ...largeSamples })) {
    for (let index = 0; index < perType; index++) {
      const key = nameOf(type, index)
      for (const words of sample(key, new Random(key))) await sayAnywhere(clients, words)
    }
  }
  await Promise.all(clients.map((client) => client.close()))
}

/** Says a command to one node after the other until one serves it. */
async function sayAnywhere(
  clients: readonly RespClient[],
  words: readonly Bytes[],
): Promise<RespValue> {
  let value: RespValue = null
  for (const client of clients) {
    value = (await client.command(...words)).value
    if (!(value instanceof RespError)) return value
    if (!value.message.startsWith('MOVED')) break
  }
  throw new Error(`${words[0]} ${words[1]}: ${String(value)}`)
}

/** Every key that a pattern matches on the masters among these nodes. Throws when one is in two places. */
export async function census(
  nodes: readonly NodeUnderTest[],
  pattern: Bytes = '*',
): Promise<Map<Bytes, Found>> {
  const found = new Map<Bytes, Found>()
  for (const [index, { port, host }] of nodes.entries()) {
    const client = await RespClient.connect(port, host)
    const [role] = (await client.command('ROLE')).value as RespValue[]
    const keys = role === 'master' ? ((await client.command('KEYS', pattern)).value as Bytes[]) : []
    for (const key of keys) {
      const first = found.get(key)
      if (first !== undefined) throw new Error(`${key} is on nodes ${first.node} and ${index}`)
      const [digest] = (await client.command('DEBUG', 'DIGEST-VALUE', key)).value as Bytes[]
      const ttl = (await client.command('TTL', key)).value
      found.set(key, { node: index, digest: digest as Bytes, isExpiring: ttl !== -1 })
    }
    await client.close()
  }
  return found
}

/** A census without where the keys are: equal before and after a migration. */
export function contentOf(found: ReadonlyMap<Bytes, Found>): [Bytes, Bytes, boolean][] {
  return [...found]
    .map(([key, { digest, isExpiring }]): [Bytes, Bytes, boolean] => [key, digest, isExpiring])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}
