import { Buffer } from 'node:buffer'
import t from 'tap'
import { formatDouble } from '../../lib/base/numbers.ts'
import { Random } from '../../lib/base/random.ts'
import { defaultEncodingLimits } from '../../lib/data/encoding-limit.ts'
import { SortedSetValue } from '../../lib/data/sorted-set.ts'
import { recordOf, storedValueOf } from '../../lib/keyspace/snapshot.ts'
import { decodeDump, encodeDump, verifiedDump, withDumpFooter } from '../../lib/rdb/dump.ts'
import { RdbError } from '../../lib/rdb/format.ts'
import type { RdbValue } from '../../lib/rdb/record.ts'
import { startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'
import { contentOf } from '../support/record-content.ts'
import { RespError } from '../support/resp-client.ts'

const HASH_ZIPMAP = 9

function randomText(random: Random): string {
  switch (random.below(5)) {
    case 0:
      return random.bytes(random.below(60))
    case 1:
      return String(random.nextUint32() - 0x8000_0000)
    case 2:
      return ['ab', 'abc', 'abcdefgh-', 'x'][random.below(4)]?.repeat(random.below(500)) ?? ''
    case 3:
      return Array.from({ length: random.below(200) }, () => 'abcd'[random.below(4)]).join('')
    default:
      return String(random.below(1000) - 500)
  }
}

function randomScore(random: Random): number {
  switch (random.below(4)) {
    case 0:
      return random.below(2000) - 1000
    case 1:
      return (random.fraction() - 0.5) * 10 ** random.below(40)
    case 2:
      return Math.trunc((random.fraction() - 0.5) * 2 ** random.below(70))
    default:
      return [0.1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 62, 1e-300][
        random.below(5)
      ] as number
  }
}

t.test(
  'payloads are those of a real server, byte for byte',
  { skip: withoutRealRedis70 },
  async (t) => {
    const seed = process.env.SEED ?? `${Date.now()}`
    t.comment(`SEED=${seed}`)
    const random = new Random(seed)
    const server = await startRealRedis()
    t.teardown(() => server.stop())
    const dump = async (...create: string[]) => {
      await server.command('DEL', 'k')
      await server.command(...create)
      return (await server.command('DUMP', 'k')).value as string
    }

    for (let round = 0; round < 300; round++) {
      const bytes = randomText(random)
      const real = await dump('SET', 'k', bytes)
      if (encodeDump({ type: 'string', bytes }) !== real) t.fail(`string of round ${round}`)
      t.strictSame(payloadContent(real), bytes, { diagnostic: false })
    }

    for (let round = 0; round < 100; round++) {
      const fields = new Map<string, string>()
      const size = 1 + random.below(30)
      for (let i = 0; i < size; i++)
        fields.set(randomText(random).slice(0, 64), randomText(random).slice(0, 64))
      const real = await dump('HSET', 'k', ...[...fields].flat())
      const ours = encodeDump({
        type: 'hash',
        packed: true,
        size: fields.size,
        entries: () => fields,
      })
      if (ours !== real) t.fail(`packed hash of round ${round}`)
      t.strictSame(payloadContent(real), fields, { diagnostic: false })
    }

    for (let round = 0; round < 100; round++) {
      const bits = 1 + random.below(63)
      const values = Array.from({ length: 1 + random.below(40) }, () =>
        BigInt.asIntN(bits + 1, (BigInt(random.nextUint32()) << 32n) | BigInt(random.nextUint32())),
      )
      const members = [...new Set(values)].sort((a, b) => (a < b ? -1 : 1)).map(String)
      const real = await dump('SADD', 'k', ...members)
      const size = members.length
      const ours = encodeDump({ type: 'set', packed: 'intset', size, members: () => members })
      if (ours !== real) t.fail(`intset of round ${round}`)
      t.strictSame(payloadContent(real), [...members].sort(), { diagnostic: false })
    }

    for (const size of [1, 600]) {
      const members = Array.from({ length: size }, (_, i) => `member:${i}`)
      const real = await dump('SADD', 'k', ...members)
      t.strictSame(payloadContent(real), [...members].sort())
      const ours = encodeDump({ type: 'set', packed: undefined, size, members: () => members })
      await server.command('DEL', 'k')
      t.equal((await server.command('RESTORE', 'k', '0', ours)).value, 'OK')
      t.equal((await server.command('SCARD', 'k')).value, size)
    }

    for (const limit of [128, 0]) {
      await server.command('CONFIG', 'SET', 'zset-max-listpack-entries', String(limit))
      for (let round = 0; round < 100; round++) {
        const scores = new Map<string, number>()
        for (let left = 1 + random.below(20); left > 0; left--) {
          scores.set(randomText(random).slice(0, 64), randomScore(random))
        }
        const words = [...scores].flatMap(([member, score]) => [formatDouble(score), member])
        const real = await dump('ZADD', 'k', ...words)
        const value = new SortedSetValue(
          { ...defaultEncodingLimits(), zsetMaxListpackEntries: limit },
          scores,
        )
        if (encodeDump(recordOf(value)) !== real) t.fail(`sorted set of round ${round}`)
        t.strictSame(payloadContent(real), [...value.descending()].sort(), { diagnostic: false })
      }
    }

    for (let round = 0; round < 40; round++) {
      await server.command('DEL', 'k')
      await server.command('XGROUP', 'CREATE', 'k', 'g', '0', 'MKSTREAM')
      for (let i = 0; i < 120; i++) await server.command(...streamCommand(random, i))
      const real = (await server.command('DUMP', 'k')).value as string
      const value = decodeDump(verifiedDump(real) ?? Buffer.alloc(0))
      if (encodeDump(value) !== real) t.fail(`stream of round ${round}`)
      const stored = recordOf(storedValueOf(value, defaultEncodingLimits()))
      if (encodeDump(stored) !== real) t.fail(`stream of round ${round}, stored and dumped again`)
    }

    for (const size of [1, 513]) {
      const fields = new Map<string, string>()
      for (let i = 0; i < size; i++)
        fields.set(`field:${i}`, `${i}`.padEnd(size === 1 ? 65 : 1, 'v'))
      const real = await dump('HSET', 'k', ...[...fields].flat())
      t.equal(real.charCodeAt(0), 4, 'a large hash is fields and values')
      t.strictSame(
        new Map([...(payloadContent(real) as Map<string, string>)].sort()),
        new Map([...fields].sort()),
      )
      const ours = encodeDump({
        type: 'hash',
        packed: false,
        size: fields.size,
        entries: () => fields,
      })
      await server.command('DEL', 'k')
      t.equal((await server.command('RESTORE', 'k', '0', ours)).value, 'OK')
      t.equal((await server.command('HLEN', 'k')).value, size)
      t.equal((await server.command('OBJECT', 'ENCODING', 'k')).value, 'hashtable')
    }
  },
)

t.test(
  'a zipmap is refused wherever a real server refuses it',
  { skip: withoutRealRedis70 },
  async (t) => {
    const server = await startRealRedis()
    t.teardown(() => server.stop())
    const whole = Buffer.from(
      '02 01 61 02 00 6263 01 64 01 03 65 000000 ff'.replaceAll(' ', ''),
      'hex',
    )
    const blocks = [whole, Buffer.from([0, 0xff]), Buffer.from([0xfe, 0xff])]
    for (let at = 0; at < whole.length; at++) {
      for (const byte of [0, 1, 2, 3, 9, 0xfd, 0xfe, 0xff]) {
        const mutant = Buffer.from(whole)
        mutant[at] = byte
        blocks.push(mutant)
      }
    }
    let taken = 0
    for (const block of blocks) {
      const payload = withDumpFooter(Buffer.from([HASH_ZIPMAP, block.length, ...block]))
      await server.command('DEL', 'k')
      const { value } = await server.command('RESTORE', 'k', '0', payload)
      const real = value instanceof RespError ? value.message : value
      let ours = 'OK'
      try {
        payloadContent(payload)
      } catch (error) {
        if (!(error instanceof RdbError)) throw error
        ours = 'ERR Bad data format'
      }
      if (real === 'OK') taken++
      if (ours !== real) t.equal(ours, real, block.toString('hex'))
    }
    t.ok(taken > 10 && taken < blocks.length - 10, `${taken} of ${blocks.length} taken`)
  },
)

/** Something that changes stream `k` or what pends in its groups. */
function streamCommand(random: Random, step: number): string[] {
  const group = random.pick(['g', 'h'])
  const consumer = random.pick(['alice', 'bob'])
  const id = `${random.below(2 * step + 2)}-0`
  switch (random.below(12)) {
    case 0:
      return ['XDEL', 'k', id]
    case 1:
      return ['XACK', 'k', group, id]
    case 2:
      return [
        'XCLAIM',
        'k',
        group,
        consumer,
        '0',
        id,
        'FORCE',
        'RETRYCOUNT',
        `${random.below(1000)}`,
      ]
    case 3:
      return ['XGROUP', 'CREATE', 'k', group, id]
    case 4:
      return ['XTRIM', 'k', 'MAXLEN', `${30 + random.below(40)}`]
    case 5:
      return ['XREADGROUP', 'GROUP', group, consumer, 'COUNT', '3', 'STREAMS', 'k', '>']
    default:
      return [
        'XADD',
        'k',
        `${2 * step + 1}-0`,
        'f',
        randomText(random),
        random.pick(['g', 'h']),
        '',
      ]
  }
}

function payloadContent(payload: string): unknown {
  const verified = verifiedDump(payload)
  if (verified === undefined) return 'wrong checksum'
  const value: RdbValue = decodeDump(verified)
  return value.type === 'hash' ? new Map(value.entries()) : contentOf(value)
}
