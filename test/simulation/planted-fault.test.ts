/**
 * Every rule of the checkers is broken here on purpose, and has to be noticed: a checker that sees nothing would make
 * all runs look well.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { BusMessage } from '../../lib/bus/message.ts'
import { NodeFlag } from '../../lib/bus/message.ts'
import { play, type RunOptions } from './run.ts'
import type { Step } from './script.ts'
import type { World } from './world.ts'

const KEYS_MS = 4000

/** Node 0 goes and its replica replaces it. */
const FAILOVER: readonly Step[] = [
  { atMs: 3000, type: 'crash', node: 0, kind: 'process', forMs: 15_000 },
  { atMs: 25_000, type: 'skew', node: 0, byMs: 0 },
]

function withHeader(message: BusMessage, header: Partial<BusMessage['header']>): BusMessage {
  return { ...message, header: { ...message.header, ...header } }
}

/** Some key that a master holds. */
function someKey(world: World): { place: number; key: string } {
  for (const { place, node, machine } of world.hosts) {
    if (machine.role !== 'master') continue
    const key = node.databases[0]?.randomKey()
    if (key !== undefined) return { place, key }
  }
  throw new Error('there is no key')
}

/** Does something to the data after a while. */
function later(act: (world: World) => void): Partial<RunOptions> {
  return { plant: (world) => world.queue.after(KEYS_MS, () => act(world)) }
}

let lastEpoch = 0

const table: Record<string, Partial<RunOptions>> = {
  'one vote per epoch': {
    script: FAILOVER,
    tamper: {
      sent: (_, message) => (message.type === 'auth-ack' ? [message, message] : [message]),
    },
  },
  'a vote is on disk before it leaves': {
    script: FAILOVER,
    tamper: { saved: (_, text) => text.replace(/lastVoteEpoch \d+/, 'lastVoteEpoch 0') },
  },
  'a majority elects': {
    script: FAILOVER,
    tamper: {
      received: (host, message) => {
        if (message.type === 'auth-ack') return [message, message]
        return message.type === 'auth-req' && host.place === 1 ? [] : [message]
      },
    },
  },
  'epochs never fall': {
    script: FAILOVER,
    tamper: {
      sent: (_, message) => {
        const { currentEpoch, configEpoch } = message.header
        if (currentEpoch <= 6 || message.type !== 'ping') return [message]
        return [withHeader(message, { currentEpoch: 6, configEpoch: Math.min(configEpoch, 6) })]
      },
    },
  },
  'no claim is ahead of the clock': {
    tamper: {
      sent: (_, message) => [withHeader(message, { configEpoch: message.header.currentEpoch + 1 })],
    },
  },
  'no slot comes from nowhere': {
    tamper: {
      sent: (host, message) => {
        if (host.place !== 0) return [message]
        return [withHeader(message, { slots: new Uint8Array(2048).fill(255) })]
      },
    },
  },
  'one master per slot and epoch': {
    // The old master sleeps through its replacement and wakes up with its successor's epoch.
    script: [
      { atMs: 3000, type: 'pause', node: 0, forMs: 10_000 },
      { atMs: 25_000, type: 'skew', node: 0, byMs: 0 },
    ],
    tamper: {
      sent: (host, message) => {
        const { header } = message
        lastEpoch = Math.max(lastEpoch, header.currentEpoch)
        if (host.place !== 0 || (header.flags & NodeFlag.master) === 0) return [message]
        if (lastEpoch === 6) return [message]
        return [withHeader(message, { currentEpoch: lastEpoch, configEpoch: lastEpoch })]
      },
    },
  },
  'no key falls back': later((world) => {
    const { place, key } = someKey(world)
    world.host(place).node.databases[0]?.set(key, '0')
  }),
  'nothing is made up': later((world) => {
    const { place, key } = someKey(world)
    world.host(place).node.databases[0]?.set(key, '999999')
  }),
  'a key has one home': later((world) => {
    const { place, key } = someKey(world)
    const other = world.living.find(
      (host) => host.place !== place && host.machine.role === 'master',
    )
    other?.node.databases[0]?.set(key, '1')
  }),
  'a replica is a copy': later((world) => {
    const replica = world.living.find(({ machine }) => machine.role === 'replica')
    replica?.node.databases[0]?.set('stray', '1')
  }),
  'what WAIT counts is there': {
    script: [{ atMs: 2000, type: 'slow', left: 0, right: 3, extraMs: 1000, forMs: 20_000 }],
    tamper: {
      toldMaster: (_, bytes) =>
        bytes.replace(
          /\$3\r\nACK\r\n\$\d+\r\n(\d+)/,
          (_match, offset) =>
            `$3\r\nACK\r\n$${String(Number(offset) + 10 ** 6).length}\r\n${Number(offset) + 10 ** 6}`,
        ),
    },
  },
  'all agree in peace': {
    tamper: {
      received: (host, message) => (host.place === 2 && message.type === 'pong' ? [] : [message]),
    },
    script: [{ atMs: 3000, type: 'crash', node: 0, kind: 'process', forMs: 15_000 }],
  },
  'no node crashes': {
    tamper: {
      received: (host, message) => {
        if (host.place === 1 && message.header.currentEpoch > 6) throw new Error('planted')
        return [message]
      },
    },
    script: FAILOVER,
  },
  'time goes on': later((world) => {
    const again = (): void => world.queue.after(0, again)
    again()
  }),
  'a run ends': {
    ...later(() => {
      for (;;);
    }),
    patienceMs: 3000,
  },
  'the cluster forms': { tamper: { received: () => [] } },
  'replicas are in step': {
    tamper: { streamed: (_, bytes) => (bytes.startsWith('*') ? '' : bytes) },
  },
  'nothing leaks': later((world) => {
    const listener = { opened: () => {}, data: () => {}, closed: () => {} }
    world.network.connect(world.newPlace(), 1, world.host(1).port, listener)
  }),
}

/** Rules that take no whole run to break, each with the test that does. */
const elsewhere = {
  'acknowledged is applied': 'data-check.test.ts',
  'one winner per epoch': 'election-check.test.ts',
  'no write is lost without cause': 'data-check.test.ts',
}

t.test('every rule has its fault', async (t) => {
  const folder = fileURLToPath(new URL('../../../test/simulation/', import.meta.url))
  const rules = new Set<string>()
  for (const name of readdirSync(folder).filter((name) => !name.endsWith('.test.ts'))) {
    const text = readFileSync(join(folder, name), 'utf8')
    for (const [, rule] of text.matchAll(/(?:new Violation|#waitFor)\(\s*'([^']+)'/g)) {
      rules.add(rule as string)
    }
  }
  t.strictSame([...rules].sort(), [...Object.keys(table), ...Object.keys(elsewhere)].sort())
  for (const [rule, name] of Object.entries(elsewhere)) {
    t.match(readFileSync(join(folder, name), 'utf8'), rule)
  }
})

for (const [rule, options] of Object.entries(table)) {
  t.test(rule, async (t) => {
    lastEpoch = 0
    const { violation } = play({
      seed: 'planted',
      run: 0,
      nodes: 6,
      failureDetection: 'timeout',
      script: [],
      ...options,
    })
    t.equal(violation?.rule, rule, violation?.message ?? 'nobody noticed')
  })
}

t.test('a life that draws what the last one drew: two histories share an id', async (t) => {
  // A replica is away while its master loses its memory and gets as far as it was; it goes on in the middle of another
  // story. When the master gets there depends on all that it says: of these lengths some fit.
  const seed = ({ place }: { readonly place: number }) => String(place)
  const rules: (string | undefined)[] = []
  for (const forMs of [7000, 8000, 9000, 10_000, 11_000, 12_000]) {
    const script: Step[] = [
      { atMs: 4000, type: 'cut', left: [6], right: [0], isOneWay: false, forMs },
      { atMs: 6000, type: 'crash', node: 0, kind: 'process', forMs: 50 },
    ]
    const options: RunOptions = {
      seed: 'life 6',
      run: 0,
      nodes: 9,
      masters: 3,
      failureDetection: 'timeout',
      script,
    }
    t.equal(play(options).violation, undefined, `${forMs} ms, no fault`)
    rules.push(play({ ...options, tamper: { seed } }).violation?.rule)
  }
  t.ok(rules.includes('a replica is a copy'), 'somebody noticed')
})
