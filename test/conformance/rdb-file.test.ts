import { Buffer } from 'node:buffer'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { encodeDump } from '../../lib/rdb/dump.ts'
import { readRdb } from '../../lib/rdb/reader.ts'
import type { RdbRecord, RdbValue } from '../../lib/rdb/record.ts'
import { writeRdb } from '../support/rdb-file.ts'
import { startRealRedis, withoutRealRedis70 } from '../support/real-redis.ts'
import { contentOf } from '../support/record-content.ts'

/** An hour beyond any clock this runs on. */
const FAR_MS = 4_000_000_000_000

function randomRecords(random: Random, count: number): RdbRecord[] {
  return Array.from({ length: count }, (_, i) => {
    const expiryMs = random.below(3) === 0 ? FAR_MS + random.below(1_000_000) : undefined
    return {
      key: `key:${i}:${random.bytes(random.below(5))}`,
      value: randomValue(random),
      expiryMs,
    }
  })
}

function randomValue(random: Random): RdbValue {
  if (random.below(2) === 0) return { type: 'string', bytes: randomText(random) }
  const fields = new Map<string, string>()
  const packed = random.below(2) === 0
  const size = packed ? 1 + random.below(40) : 513 + random.below(40)
  for (let i = 0; i < size; i++)
    fields.set(`${i}${random.bytes(4)}`, randomText(random).slice(0, 60))
  return { type: 'hash', packed, size: fields.size, entries: () => fields }
}

function randomText(random: Random): string {
  if (random.below(2) === 0) return String(random.nextUint32() - 0x8000_0000)
  if (random.below(10) === 0) return 'long '.repeat(random.below(40_000))
  return random.bytes(random.below(100))
}

t.test(
  'a real server loads our file, and we read the one it saves',
  { skip: withoutRealRedis70 },
  async (t) => {
    const seed = process.env.SEED ?? `${Date.now()}`
    t.comment(`SEED=${seed}`)
    const random = new Random(seed)
    const first = randomRecords(random, 400)
    const second = randomRecords(random, 10)
    const directory = mkdtempSync(join(tmpdir(), 'rdb-file-'))
    t.teardown(() => rmSync(directory, { recursive: true, force: true }))
    const databaseOf = (index: number, records: readonly RdbRecord[]) => ({
      index,
      keys: records.length,
      expiring: records.filter((record) => record.expiryMs !== undefined).length,
      records,
    })
    const file = Buffer.concat([
      ...writeRdb({
        auxiliary: [
          ['redis-ver', '7.0.15'],
          ['redis-bits', '64'],
        ],
        databases: [databaseOf(0, first), databaseOf(1, []), databaseOf(9, second)],
      }),
    ])
    writeFileSync(join(directory, 'ours.rdb'), file)
    const server = await startRealRedis({ args: ['--dir', directory, '--dbfilename', 'ours.rdb'] })
    t.teardown(() => server.stop())

    for (const [index, records] of [
      [0, first],
      [9, second],
    ] as const) {
      await server.command('SELECT', `${index}`)
      t.equal((await server.command('DBSIZE')).value, records.length)
      for (const { key, value, expiryMs } of records) {
        const dump = (await server.command('DUMP', key)).value as string
        const isSame =
          value.type === 'hash' && !value.packed
            ? dump.charCodeAt(0) === 4
            : dump === encodeDump(value)
        const expiry = (await server.command('PEXPIRETIME', key)).value
        if (!isSame || expiry !== (expiryMs ?? -1))
          t.fail(`${JSON.stringify(key)} differs, seed ${seed}`)
      }
    }

    t.equal((await server.command('SAVE')).value, 'OK')
    const saved = readFileSync(join(directory, 'ours.rdb'))
    t.strictSame(contentsOf(saved), contentsOf(file), 'what it saves is what it loaded')
  },
)

/** All keys by database, in a form that compares. */
function contentsOf(file: Buffer): string[] {
  const found: string[] = []
  let index = 0
  for (const item of readRdb(file)) {
    if (item.type === 'database') index = item.index
    if (item.type !== 'record') continue
    const { key, value, expiryMs } = item.record
    found.push(JSON.stringify([index, key, contentOf(value), expiryMs]))
  }
  return found.sort()
}
