import t from 'tap'
import { Turn, TurnClock } from '../../lib/runtime/turn.ts'

/** Lets real time pass, without sleeping longer than it takes. */
function until(holds: () => boolean): void {
  const deadline = Date.now() + 5000
  while (!holds()) if (Date.now() > deadline) throw new Error('time stands still')
}

t.test('the clock stands still until it is read', async (t) => {
  const offset = new Float64Array(1)
  const clock = new TurnClock(offset)
  const { now } = clock
  until(() => Date.now() > now + 2)
  t.equal(clock.now, now)
  const { microseconds } = clock
  until(() => Date.now() > now + 4)
  t.equal(clock.microseconds, microseconds)
  const before = Date.now()
  clock.read()
  t.ok(clock.now >= before && clock.now <= Date.now())
})

t.test('time by now goes on within a turn, and leaves the turn its own', async (t) => {
  const offset = new Float64Array([3_600_000])
  const clock = new TurnClock(offset)
  const { now } = clock
  let last = clock.microsecondsByNow()
  t.ok(last >= now * 1000, `${last} after ${now}`)
  until(() => {
    const next = clock.microsecondsByNow()
    if (next < last || !Number.isInteger(next)) t.fail(`from ${last} to ${next}`)
    last = next
    return next > (now + 3) * 1000
  })
  t.equal(clock.now, now)
})

t.test('the shared offset moves it for everybody', async (t) => {
  const offset = new Float64Array([86_400_000])
  const [one, other] = [new TurnClock(offset), new TurnClock(offset)]
  t.ok(one.now >= Date.now() + 86_400_000 - 1000)
  offset[0] = -86_400_000
  one.read()
  other.read()
  t.ok(Math.abs(one.now - other.now) < 1000)
  t.ok(other.now < Date.now())
})

t.test('time with its microseconds never goes back', async (t) => {
  const clock = new TurnClock(new Float64Array(1))
  let last = 0
  let milliseconds = 0
  until(() => {
    const { now } = clock
    clock.read()
    if (clock.now !== now) milliseconds++
    const { microseconds } = clock
    if (microseconds < 0 || microseconds > 999) t.fail(`${microseconds} microseconds`)
    const time = clock.now * 1000 + microseconds
    if (time < last) t.fail(`from ${last} to ${time}`)
    last = time
    return milliseconds === 20
  })
  t.equal(milliseconds, 20)
})

t.test('a turn reads the clock first and settles last', async (t) => {
  const happened: string[] = []
  const offset = new Float64Array(1)
  const clock = new TurnClock(offset)
  const turn = new Turn(
    clock,
    () => happened.push(`settled at ${clock.now}`),
    () => happened.push('entered'),
  )
  offset[0] = 1e12
  turn.run(() => happened.push(clock.now > 1e12 ? 'ran later' : 'ran'))
  t.same(happened, ['entered', 'ran later', `settled at ${clock.now}`])
  turn.begin()
  t.equal(happened.length, 3, 'a turn that is not run enters nothing')
  turn.end()
  t.equal(happened.length, 4)
})
