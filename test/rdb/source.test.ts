import { Buffer } from 'node:buffer'
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { RdbError } from '../../lib/rdb/format.ts'
import { type RdbItem, readRdb } from '../../lib/rdb/reader.ts'
import type { RdbRecord, RdbValue } from '../../lib/rdb/record.ts'
import { BufferSource, bytesOfSource, inputOf, type RdbSource } from '../../lib/rdb/source.ts'
import { writeRdb } from '../support/rdb-file.ts'

const seed = process.env.SEED ?? `${Date.now()}`

const entries: [string, string][] = [
  ['f', '1'],
  ['g', 'x'.repeat(40)],
]

const string = (bytes: string): RdbValue => ({ type: 'string', bytes })
const hash = (packed: boolean): RdbValue => ({
  ...{ type: 'hash', packed, size: 2 },
  entries: () => entries,
})
const list: RdbValue = {
  ...{ type: 'list', size: 2, maxListpackSize: -2 },
  elements: () => ['one', 'y'.repeat(70)],
}

function fileOf(...values: readonly RdbValue[]): Buffer {
  const records = values.map((value, i): RdbRecord => {
    return { key: `k${i}`, value, expiryMs: i % 2 === 0 ? undefined : 5000 }
  })
  return Buffer.concat([
    ...writeRdb({
      auxiliary: [['redis-ver', '7.0.15']],
      functions: ['#!lua name=x'],
      databases: [{ index: 0, keys: records.length, expiring: 1, records }],
    }),
  ])
}

const whole = fileOf(string('abc'.repeat(30)), hash(true), hash(false), string('12'), list)

/** An item with all its values, which a window may be about to forget: of any type, as a changed byte may make it one. */
function kept(item: RdbItem): unknown {
  if (item.type !== 'record') return { ...item }
  const { value } = item.record
  const fields = Object.entries(value).map(([name, field]) => {
    return [name, typeof field === 'function' ? [...field.call(value)] : field]
  })
  return { ...item.record, value: Object.fromEntries(fields) }
}

/** What comes of a file: its items, and how it ends. */
function outcome(file: Buffer | RdbSource, windowBytes?: number) {
  const items: unknown[] = []
  const input = inputOf(file, windowBytes === undefined ? {} : { windowBytes })
  try {
    for (const item of readRdb(input)) items.push(kept(item))
    return { items, end: input.cursor.offset }
  } catch (error) {
    if (!(error instanceof RdbError)) throw error
    return { items, end: `${error.name}: ${error.message}` }
  }
}

t.test('through a window of any size a file is the same', async (t) => {
  const expected = outcome(whole)
  t.equal(expected.items.length, 9)
  t.equal(expected.end, whole.length)
  for (let windowBytes = 1; windowBytes <= whole.length + 1; windowBytes++) {
    t.strictSame(outcome(new BufferSource(whole), windowBytes), expected, `${windowBytes} bytes`)
  }
})

t.test('so is one that was cut anywhere, and what is said of it', async (t) => {
  for (let length = 0; length < whole.length; length++) {
    const cut = whole.subarray(0, length)
    const expected = outcome(cut)
    t.match(expected.end, /^RdbTruncatedError: the bytes end too early at offset /)
    for (const windowBytes of [1, 7, 64]) {
      t.strictSame(outcome(new BufferSource(cut), windowBytes), expected, `${length}`)
    }
  }
})

t.test('and one that was changed anywhere', async (t) => {
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  for (let round = 0; round < 500; round++) {
    const changed = Buffer.from(whole)
    const at = random.below(changed.length)
    changed[at] = (changed[at] as number) ^ (1 + random.below(255))
    const windowBytes = 1 + random.below(100)
    const found = outcome(new BufferSource(changed), windowBytes)
    t.strictSame(found, outcome(changed), `byte ${at}, window ${windowBytes}, seed ${seed}`)
  }
})

t.test('the window grows for large records only', async (t) => {
  const largest = (file: Buffer) => {
    let bytes = 0
    const source = new BufferSource(file)
    const watched = {
      sizeBytes: file.length,
      read(target: Buffer, start: number) {
        bytes = Math.max(bytes, target.length)
        return source.read(target, start)
      },
      close() {},
    }
    t.equal(outcome(watched, 1000).end, file.length)
    return bytes
  }
  const random = new Random('window')
  const small = Array.from({ length: 500 }, () => string(random.bytes(300)))
  t.equal(largest(fileOf(...small)), 1000)
  t.equal(largest(fileOf(...small, string(random.bytes(5000)), ...small)), 8000)
})

t.test('a source that fails is a file that cannot be read', async (t) => {
  const source = new BufferSource(whole)
  let reads = 0
  const failing = {
    sizeBytes: whole.length,
    read(target: Buffer, start: number) {
      if (++reads > 3) throw new Error('Input/output error')
      return source.read(target, start)
    },
    close() {},
  }
  t.equal(outcome(failing, 50).end, 'RdbError: the file cannot be read: Input/output error')
})

t.test('all bytes of a source', async (t) => {
  const pieces = ['REDIS', '00', '10'].map((piece) => Buffer.from(piece))
  let isOpen = true
  const source = {
    sizeBytes: 9,
    read: (target: Buffer, start: number) => pieces.shift()?.copy(target, start) ?? 0,
    close() {
      isOpen = false
    },
  }
  t.equal(String(bytesOfSource(source)), 'REDIS0010')
  t.notOk(isOpen)
  t.equal(String(bytesOfSource({ ...source, read: () => 0 })), '', 'it has become shorter')
})
