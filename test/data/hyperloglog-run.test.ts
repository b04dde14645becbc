import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { describeRuns, readRuns, setInRuns } from '../../lib/data/hyperloglog-run.ts'

const REGISTERS = 16384
const ZEROS = Uint8Array.from([0x7f, 0xff])

t.test('registers are raised one by one, and never fall', async (t) => {
  const random = new Random('runs')
  const expected = new Uint8Array(REGISTERS)
  let runs: Uint8Array = ZEROS
  for (let i = 0; i < 1500; i++) {
    // Neighbours, so that runs are cut and joined.
    const register = random.below(2) === 0 ? random.below(40) : random.below(REGISTERS)
    const value = 1 + random.below(4)
    const changed = setInRuns(runs, register, value, 100_000)
    if ((expected[register] as number) >= value) t.equal(changed, undefined)
    else if (changed instanceof Uint8Array) {
      expected[register] = value
      runs = changed
    } else t.fail(String(changed))
  }
  const registers = new Uint8Array(REGISTERS)
  t.ok(readRuns(runs, registers))
  t.strictSame(registers, expected)
})

t.test('equal neighbours are joined up to four', async (t) => {
  let runs: Uint8Array = ZEROS
  for (let register = 0; register < 5; register++) {
    runs = setInRuns(runs, register, 3, 1000) as Uint8Array
  }
  t.equal(describeRuns(runs), 'v:3,4 v:3,1 Z:16379')
  t.equal(describeRuns(setInRuns(runs, 2, 9, 1000) as Uint8Array), 'v:3,2 v:9,1 v:3,2 Z:16379')
})

t.test('runs that would take too many bytes, or do not cover a register', async (t) => {
  t.equal(setInRuns(ZEROS, 100, 1, 4), 'too-long')
  t.equal(setInRuns(Uint8Array.from([0x05]), 6, 1, 1000), 'corrupt')
  t.equal(readRuns(Uint8Array.from([0x05]), new Uint8Array(REGISTERS)), false)
  t.equal(readRuns(Uint8Array.from([0x7f, 0xff, 0x00]), new Uint8Array(REGISTERS)), false)
})
