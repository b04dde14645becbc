import t from 'tap'
import { SharedMemory } from '../../lib/base/shared-layout.ts'
import type { NodeLife, NodeRunner } from '../../lib/host/node-runner.ts'
import { Reachability } from '../../lib/host/reachability.ts'

/** Runners that only live and listen. */
function scene(count: number, isInstant = true) {
  const shared = new SharedMemory(count)
  const heard: string[] = []
  const runners = Array.from({ length: count }, (_, index) => {
    shared.setId(index, String(index).repeat(40))
    return {
      index,
      life: 'running' as NodeLife,
      tell: (news: string, id: string) => void heard.push(`${index}: ${news} ${id[0]}`),
    }
  })
  const reachability = new Reachability(shared, runners as unknown as NodeRunner[], isInstant)
  const runner = (index: number) => runners[index] as unknown as NodeRunner
  return {
    reachability,
    runner,
    become(index: number, life: NodeLife) {
      Object.assign(runners[index] as object, { life })
    },
    /** What the nodes have heard since the last call. */
    news: () => heard.splice(0),
  }
}

t.test('who ends is lost to all that run, once, until it is back', async (t) => {
  const { reachability, become, news } = scene(3)
  reachability.update()
  t.strictSame(news(), [])
  become(2, 'killed')
  reachability.update()
  t.strictSame(news(), ['0: unreachable 2', '1: unreachable 2'])
  reachability.update()
  t.strictSame(news(), [], 'nothing is said twice')
  become(2, 'running')
  reachability.update()
  t.strictSame(news(), ['0: reachable 2', '1: reachable 2'])
})

t.test('who comes back is told who is gone', async (t) => {
  const { reachability, become, news } = scene(3)
  become(1, 'killed')
  become(2, 'killed')
  reachability.update()
  news()
  become(2, 'running')
  reachability.update()
  t.strictSame(news(), ['0: reachable 2', '2: unreachable 1'])
  become(2, 'stopped')
  reachability.update()
  become(2, 'running')
  reachability.update()
  t.ok(news().includes('2: unreachable 1'), 'a new start knows nothing')
})

t.test('a node that is held is not missed', async (t) => {
  const { reachability, runner, become, news } = scene(3)
  reachability.hold(runner(1))
  become(1, 'stopped')
  become(0, 'killed')
  reachability.update()
  t.strictSame(news(), ['2: unreachable 0'])
  become(1, 'running')
  reachability.update()
  reachability.release(runner(1))
  t.strictSame(news(), ['1: unreachable 0'])
  reachability.release(runner(1))
  t.strictSame(news(), [])
})

t.test('a held node that does not come back is missed', async (t) => {
  const { reachability, runner, become, news } = scene(2)
  reachability.hold(runner(1))
  become(1, 'crashed')
  reachability.update()
  t.strictSame(news(), [])
  reachability.release(runner(1))
  t.strictSame(news(), ['0: unreachable 1'])
})

t.test('with timeouts nodes find out by themselves', async (t) => {
  const { reachability, become, news } = scene(2, false)
  become(1, 'killed')
  reachability.update()
  t.strictSame(news(), [])
})
