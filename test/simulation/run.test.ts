import t from 'tap'
import { play, scriptOf } from './run.ts'

const RUNS = 6
const FRESH_RUNS = 3
const freshSeed = process.env.SEED ?? String(Date.now())

t.test('the same seed says the same, byte for byte', async (t) => {
  for (const failureDetection of ['instant', 'timeout'] as const) {
    const options = { seed: 'same', run: 1, nodes: 6, failureDetection }
    const [one, other] = [play(options), play(options)]
    t.same(one, other)
    t.not(one.hash, play({ ...options, run: 2 }).hash)
    t.ok(one.writes > 0)
  }
})

t.test('nodes that leave ticks out say the same as those that do not', async (t) => {
  for (const failureDetection of ['instant', 'timeout'] as const) {
    const drawn = { seed: freshSeed, run: 0, nodes: 6, failureDetection }
    // That a clock was set they notice up to a second later.
    const script = scriptOf(drawn).filter(({ type }) => type !== 'skew')
    const options = { ...drawn, script }
    const restless = play({ ...options, tamper: { isRestless: true } })
    t.same(play(options), restless, `SEED=${freshSeed}`)
  }
})

t.test('a part of a script is a script', async (t) => {
  const options = { seed: 'parts', run: 0, nodes: 6 }
  const count = scriptOf(options).length
  t.equal(play({ ...options, steps: [] }).script.length, 0)
  t.equal(play({ ...options, steps: [count - 1] }).script.length, 1)
})

for (const [seed, runs] of [
  ['fixed', RUNS],
  [freshSeed, FRESH_RUNS],
] as const) {
  for (let run = 0; run < runs; run++) {
    t.test(
      `any faults, then peace (npm run simulate -- --seed ${seed} --run ${run})`,
      async (t) => {
        const { violation, writes } = play({ seed, run, nodes: 6 })
        t.equal(violation, undefined)
        t.ok(writes > 0, `${writes} writes`)
      },
    )
  }
}
