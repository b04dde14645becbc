import t from 'tap'
import { Alarm } from '../../lib/node/alarm.ts'

function stage() {
  const clock = { now: 1000, microseconds: 0 }
  const asked: number[] = []
  const rung: string[] = []
  const alarm = new Alarm(clock, (atMs) => asked.push(atMs))
  const wish = (name: string) => () => rung.push(name)
  return { clock, asked, rung, alarm, wish }
}

t.test('the earliest wish is asked for, each when its time has come', async (t) => {
  const { clock, asked, rung, alarm, wish } = stage()
  alarm.set(wish('late'), 3000)
  alarm.set(wish('early'), 2000)
  alarm.set(wish('latest'), 4000)
  t.same(asked, [3000, 2000])
  t.notOk(alarm.isDue)
  clock.now = 2000
  t.ok(alarm.isDue)
  alarm.ring()
  t.notOk(alarm.isDue)
  t.same(rung, ['early'])
  t.same(asked, [3000, 2000, 3000])
  clock.now = 9000
  alarm.ring()
  t.same(rung, ['early', 'late', 'latest'])
  alarm.ring()
  t.equal(rung.length, 3)
  t.equal(asked.length, 3, 'nothing is left to ask for')
})

t.test('a wish takes the place of the one before', async (t) => {
  const { clock, asked, rung, alarm, wish } = stage()
  const mine = wish('mine')
  alarm.set(mine, 2000)
  alarm.set(mine, 3000)
  t.same(asked, [2000, 3000])
  clock.now = 2500
  alarm.ring()
  t.same(rung, [])
  t.same(asked, [2000, 3000, 3000], 'a timer that came early is set again')
})

t.test('who is called may wish again', async (t) => {
  const { clock, asked, rung, alarm } = stage()
  const again = (): void => {
    rung.push('again')
    alarm.set(again, clock.now + 10)
  }
  alarm.set(again, 1000)
  alarm.ring()
  t.same(rung, ['again'])
  t.equal(asked.at(-1), 1010)
})
