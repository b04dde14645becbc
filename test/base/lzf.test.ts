import { createRequire } from 'node:module'
import t from 'tap'
import { lzfCompressInto, lzfDecompressInto, lzfMayExpand } from '../../lib/base/lzf.ts'
import { Random } from '../../lib/base/random.ts'

const lzfjs = createRequire(import.meta.url)('lzfjs') as {
  compress(input: Uint8Array): Uint8Array
  decompress(input: Uint8Array): Uint8Array
}

const seed = process.env.SEED ?? 'lzf'

/** The compressed bytes of strings in DUMP payloads of a real server. */
const dumped: [text: string, compressed: string][] = [
  ['a'.repeat(21), '016161e00a00'],
  ['abc'.repeat(10), '0361626361e00f02016263'],
  [
    '{"name":"joe","age":20},{"name":"jim","age":21}',
    '107b226e616d65223a226a6f65222c226167200b0432307d2c7be0001701696de0001701317d',
  ],
  ['x'.repeat(300), '017878e0ff00e01700017878'],
  [
    'The quick brown fox jumps over the lazy dog, the quick brown fox.',
    '1f54686520717569636b2062726f776e20666f78206a756d7073206f7665722074201e086c617a7920646f672c600de0052c01782e',
  ],
  ['0123456789'.repeat(6), '0a3031323334353637383930e02609013839'],
]

/** Amid other bytes, which are none of its business. */
const MARGIN = 3

function lzfCompress(input: Uint8Array, limitBytes: number): Uint8Array | undefined {
  const output = new Uint8Array(Math.max(0, limitBytes))
  const following = Buffer.concat([input, input])
  const length = lzfCompressInto(output, limitBytes, following, input.length)
  return length === 0 ? undefined : output.subarray(0, length)
}

function lzfDecompress(input: Uint8Array, length: number): Uint8Array | undefined {
  if (!lzfMayExpand(input.length, length)) return undefined
  const output = new Uint8Array(length + MARGIN).fill(255)
  const between = Buffer.concat([Buffer.alloc(MARGIN), input, Buffer.alloc(MARGIN)])
  const isWhole = lzfDecompressInto(output, length, between, MARGIN, MARGIN + input.length)
  if (output.subarray(length).some((byte) => byte !== 255)) throw new Error('too much was written')
  return isWhole ? output.subarray(0, length) : undefined
}

function hex(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString('hex')
}

t.test('compresses as a real server does', async (t) => {
  for (const [text, compressed] of dumped) {
    const input = Buffer.from(text)
    t.equal(hex(lzfCompress(input, input.length - 4)), compressed)
    t.equal(hex(lzfDecompress(Buffer.from(compressed, 'hex'), input.length)), input.toString('hex'))
  }
})

t.test('gives up when the limit is too small', async (t) => {
  for (const text of ['0123456789'.repeat(6), 'a'.repeat(100), 'abcdefgabcdefgxyzabcd']) {
    const input = Buffer.from(text)
    const compressed = lzfCompress(input, 200) as Uint8Array
    for (let limit = 0; limit < 150; limit++) {
      const found = lzfCompress(input, limit)
      if (limit < compressed.length) t.equal(found, undefined, `limit ${limit}`)
      if (limit > compressed.length + 4) t.equal(hex(found), hex(compressed))
      if (found && hex(lzfDecompress(found, input.length)) !== hex(input)) t.fail(`limit ${limit}`)
    }
  }
  t.equal(lzfCompress(Buffer.from('no two are alike'), 12), undefined)
  t.equal(lzfCompress(new Uint8Array(0), 10), undefined)
})

t.test('looks back 8192 bytes and no further', async (t) => {
  const random = new Random('distance')
  for (const [distance, isFound] of [
    [8191, true],
    [8192, true],
    [8193, false],
  ] as const) {
    // Byte pairs of two disjoint alphabets never repeat; only the word does.
    const filler = Buffer.alloc(distance - 10)
    for (let i = 0; i < filler.length; i++) filler[i] = i % 2 ? i >> 7 : 128 + ((i >> 1) % 64)
    const word = Buffer.from('\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9', 'latin1')
    const input = Buffer.concat([Buffer.from('..'), word, filler, word, Buffer.from('!?')])
    const without = Buffer.concat([
      Buffer.from('..'),
      word,
      filler,
      Buffer.from(random.bytes(10), 'latin1'),
      Buffer.from('!?'),
    ])
    const found = lzfCompress(input, 20_000) as Uint8Array
    t.equal(hex(lzfDecompress(found, input.length)), hex(input))
    const gained = (lzfCompress(without, 20_000) as Uint8Array).length - found.length
    t.equal(gained > 4, isFound, `${distance} bytes back: ${gained} bytes less`)
  }
})

/** Text that repeats itself in short and long runs. */
function repetitive(random: Random): Buffer {
  let text = random.bytes(random.below(40))
  while (text.length < 30 || random.below(8) > 0) {
    const from = random.below(text.length + 1)
    text += text.slice(from, from + random.below(400)) + random.bytes(random.below(5))
    if (text.length > 30_000) break
  }
  return Buffer.from(text, 'latin1')
}

t.test('what is compressed comes back, here and in lzfjs', async (t) => {
  const random = new Random(seed)
  for (let i = 0; i < 300; i++) {
    const input = repetitive(random)
    const compressed = lzfCompress(input, 2 * input.length + 10)
    const expected = input.toString('hex')
    if (compressed === undefined) t.fail(`SEED=${seed} run ${i}: not compressed`)
    else if (hex(lzfDecompress(compressed, input.length)) !== expected)
      t.fail(`SEED=${seed} run ${i}`)
    else if (hex(lzfjs.decompress(compressed)) !== expected) t.fail(`SEED=${seed} run ${i}: lzfjs`)
    const theirs = lzfjs.compress(input)
    if (hex(lzfDecompress(theirs, input.length)) !== expected)
      t.fail(`SEED=${seed} run ${i}: theirs`)
  }
  t.pass(`SEED=${seed}`)
})

t.test('malformed input is refused', async (t) => {
  const bad: [input: number[], length: number, why: string][] = [
    [[], 1, 'nothing'],
    [[0], 1, 'a literal is missing'],
    [[5, 1, 2], 6, 'literals are missing'],
    [[0, 65], 2, 'too short'],
    [[1, 65, 66], 1, 'too long'],
    [[0x20], 3, 'a distance is missing'],
    [[0x20, 0], 3, 'a match before the start'],
    [[0, 65, 0x20, 1], 4, 'a match one before the start'],
    [[0, 65, 0xe0], 9, 'a length is missing'],
    [[0, 65, 0xe0, 9], 19, 'a distance is missing after a length'],
    [[0, 65, 0x20, 0], 3, 'a match beyond the end'],
    [[0, 65], -1, 'a negative length'],
    [[0, 65], 2 ** 40, 'a length that it cannot have'],
    [[0, 65], Number.NaN, 'no length'],
  ]
  for (const [input, length, why] of bad) {
    t.equal(lzfDecompress(Uint8Array.from(input), length), undefined, why)
  }
  t.same(lzfDecompress(Uint8Array.of(0, 65, 0x20, 0), 4), Buffer.from('AAAA'))
  t.same(lzfDecompress(new Uint8Array(0), 0), new Uint8Array(0))
})

t.test('random bytes are decompressed to the asked length or refused', async (t) => {
  const random = new Random(seed).fork('malformed')
  let accepted = 0
  for (let i = 0; i < 5000; i++) {
    const input = Buffer.from(random.bytes(random.below(60)), 'latin1')
    const length = random.below(200)
    const output = lzfDecompress(input, length)
    if (output !== undefined && output.length !== length) t.fail(`SEED=${seed} run ${i}`)
    if (output !== undefined) accepted++
  }
  t.pass(`SEED=${seed}, ${accepted} of 5000 were valid`)
})
