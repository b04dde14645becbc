import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const SICILY = 'GEOADD s 13.361389 38.115556 Palermo 15.087269 37.502669 Catania'
const AREA = 'FROMLONLAT 15 37 BYRADIUS 200 km'

t.test('members in an area', async (t) => {
  const runner = new CommandRunner()
  runner.run(SICILY)
  expectReplies(t, runner, [
    [`GEOSEARCH s ${AREA} ASC`, '*2|$7|Catania|$7|Palermo|'],
    [`GEOSEARCH s ${AREA} DESC COUNT 1`, '*1|$7|Palermo|'],
    [`GEOSEARCH s ${AREA} COUNT 1 WITHDIST`, '*1|*2|$7|Catania|$7|56.4413|'],
    ['GEOSEARCH s FROMMEMBER Palermo BYBOX 1 1 m WITHHASH', '*1|*2|$7|Palermo|:3479099956230698|'],
    ['GEOSEARCH s FROMMEMBER none BYBOX 1 1 m', '-ERR could not decode requested zset member|'],
    [`GEOSEARCH none ${AREA}`, '*0|'],
    ['GEOSEARCH none FROMMEMBER none BYBOX 1 1 m', '*0|'],
  ])
  t.match(runner.run(`GEOSEARCH s ${AREA} COUNT 1 ANY`), /^\*1\r\n/)
  runner.protocol = 3
  expectReplies(t, runner, [
    [
      'GEOSEARCH s FROMMEMBER Palermo BYRADIUS 0 m WITHCOORD',
      '*1|*2|$7|Palermo|*2|,13.36138933897018433|,38.11555639549629859|',
    ],
  ])
})

t.test('events, changes and what is propagated', async (t) => {
  const runner = new CommandRunner()
  runner.run(SICILY)
  const line = `GEOSEARCHSTORE d s ${AREA}`
  t.same(runner.effectOf(line), [['n new d', 'z geosearchstore d'], 2, [line]])
  t.equal(runner.run('ZSCORE d Palermo'), '$16\r\n3479099956230698\r\n')
  const nothing = `GEOSEARCHSTORE d none ${AREA}`
  t.same(runner.effectOf(nothing), [['m keymiss none', 'g del d'], 1, [nothing]])
  t.same(runner.effectOf(nothing), [['m keymiss none'], 0, []])
})
