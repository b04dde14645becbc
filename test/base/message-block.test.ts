import t from 'tap'
import { bytesOfWords, eachBlock } from '../../lib/base/message-block.ts'

function blocksOf(text: string): number[][] {
  const blocks: number[][] = []
  eachBlock(text, (block) => {
    blocks.push(Array.from({ length: block.byteLength }, (_, i) => block.getUint8(i)))
  })
  return blocks
}

t.test('a message is padded by a bit, zeros and its length in bits', async (t) => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120]) {
    const blocks = blocksOf('\x07'.repeat(length))
    const bytes = blocks.flat()
    t.equal(blocks.length, Math.ceil((length + 9) / 64), `${length} bytes`)
    t.same(bytes.slice(0, length), Array(length).fill(7))
    t.equal(bytes[length], 0x80)
    t.ok(
      bytes.slice(length + 1, -2).every((byte) => byte === 0),
      'zeros between',
    )
    t.equal((bytes.at(-2) as number) * 256 + (bytes.at(-1) as number), length * 8)
  }
})

t.test('words are written with their high byte first', async (t) => {
  t.same([...bytesOfWords(Int32Array.of(0x01020304, -2))], [1, 2, 3, 4, 255, 255, 255, 254])
})
