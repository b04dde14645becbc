import t from 'tap'
import { parseConfig } from '../../lib/cluster/config-file.ts'
import { START_MS, setStage } from './stage.ts'

const ME = '1'.repeat(40)
const OTHER = '2'.repeat(40)
const VARS = 'vars currentEpoch 0 lastVoteEpoch 0\n'

function restoredFrom(text: string) {
  return setStage({ restored: parseConfig(text) }).machine
}

t.test('currentEpoch is at least every configEpoch', async (t) => {
  const machine = restoredFrom(
    `${ME} :0@0 myself,master - 0 0 4 connected\n${OTHER} 1.2.3.4:5@6 master - 0 0 9 connected\nvars currentEpoch 2 lastVoteEpoch 0\n`,
  )
  t.equal(machine.record().currentEpoch, 9)
})

t.test('times matter only as zero or not; a failure counts from now', async (t) => {
  const machine = restoredFrom(
    `${ME} :0@0 myself,master - 0 0 0 connected\n${OTHER} 1.2.3.4:5@6 master,fail - 1 5 9 disconnected\n${VARS}`,
  )
  t.match(machine.node(OTHER), {
    pingSentMs: START_MS,
    pongReceivedMs: START_MS,
    failedMs: START_MS,
    flags: 9,
  })
})

t.test('a node that is only mentioned is known by its id', async (t) => {
  const machine = restoredFrom(`${ME} 10.0.0.1:5@6 myself,slave ${OTHER} 0 0 4 connected\n${VARS}`)
  t.match(machine.describeNodes(), `${OTHER} :0@0 noflags - 0 0 0 disconnected`)
  t.match(
    machine.describeNodes(),
    `${ME} 10.0.0.1:7000@17000 myself,slave ${OTHER} 0 0 0 connected`,
  )
})

t.test('a restored replica follows its master with the first tick', async (t) => {
  const { stage } = setStage({
    restored: parseConfig(
      `${ME} :0@0 myself,slave ${OTHER} 0 0 0 connected\n${OTHER} 1.2.3.4:5@6 master - 0 0 9 connected\n${VARS}`,
    ),
  })
  t.same(stage.effectsOf('follow'), [])
  stage.run(100)
  t.same(
    stage.effectsOf('follow').map(({ master }) => master),
    [{ id: OTHER, ip: '1.2.3.4', port: 5 }],
  )
  stage.run(1000)
  t.equal(stage.effectsOf('follow').length, 1)
})
