import { Buffer } from 'node:buffer'
import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { IncomingStream } from '../../lib/replication/incoming-stream.ts'

t.test('what was applied is passed on, what was not is kept', async (t) => {
  const stream = new IncomingStream()
  const passed: string[] = []
  const pass = (bytes: Buffer) => passed.push(bytes.toString('latin1'))
  const chunk = Buffer.from('abcdef')
  stream.add(chunk, pass)
  t.equal(stream.unappliedBytes, 6)
  stream.applied(2)
  stream.settle(pass)
  t.strictSame(passed, ['ab'])
  chunk.fill('x')
  stream.applied(3)
  stream.settle(pass)
  stream.settle(pass)
  t.strictSame(passed, ['ab', 'cde'], 'from a copy: the chunk is not ours')
  t.equal(stream.unappliedBytes, 1)
  t.throws(() => stream.applied(2), /no more is applied than was received/)
})

t.test('however it comes and is applied, it goes on as it came', async (t) => {
  const seed = process.env.SEED ?? `${Date.now()}`
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  for (let round = 0; round < 100; round++) {
    const stream = new IncomingStream()
    let received = ''
    let passed = ''
    const pass = (bytes: Buffer) => {
      passed += bytes.toString('latin1')
    }
    for (let i = 0; i < 60; i++) {
      const bytes = random.bytes(random.below(50))
      const chunk = Buffer.from(bytes, 'latin1')
      stream.add(chunk, pass)
      received += bytes
      for (let n = random.below(4); n > 0; n--)
        stream.applied(random.below(stream.unappliedBytes + 1))
      if (random.below(3) > 0) {
        stream.settle(pass)
        chunk.fill(0)
      }
    }
    stream.applied(stream.unappliedBytes)
    stream.settle(pass)
    if (passed !== received) t.fail(`round ${round} of seed ${seed}`)
  }
})
