import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

const SICILY = 'GEOADD s 13.361389 38.115556 Palermo 15.087269 37.502669 Catania'

t.test('places are added and asked for', async (t) => {
  const runner = new CommandRunner()
  expectReplies(t, runner, [
    [SICILY, ':2|'],
    ['ZSCORE s Palermo', '$16|3479099956230698|'],
    ['GEOPOS s Palermo none', '*2|*2|$20|13.36138933897018433|$20|38.11555639549629859|*-1|'],
    ['GEOPOS s', '*0|'],
    ['GEOPOS none a', '*1|*-1|'],
    ['GEOHASH s Palermo none', '*2|$11|sqc8b49rny0|$-1|'],
    ['GEODIST s Palermo Catania', '$11|166274.1516|'],
    ['GEODIST s Palermo Catania KM', '$8|166.2742|'],
    // 16056633.56985000148 meters, which scaled is a half.
    ['GEOADD s -88.66978666511 -50.182800 south 60.565990 85.05112878 north', ':2|'],
    ['GEODIST s south north', '$13|16056633.5698|'],
    ['GEODIST s south south', '$6|0.0000|'],
    ['GEODIST s Palermo none', '$-1|'],
    ['GEODIST s Palermo Catania x', '-ERR unsupported unit provided. please use M, KM, FT, MI|'],
    ['GEODIST s Palermo Catania m m', '-ERR syntax error|'],
    ['GEOADD s 181 0 a', '-ERR invalid longitude,latitude pair 181.000000,0.000000|'],
    ['GEOADD s inf 0 a', '-ERR invalid longitude,latitude pair inf,0.000000|'],
    ['GEOADD s x 0 a', '-ERR value is not a valid float|'],
    ['GEOADD s NX XX 1 1 a', '-ERR syntax error|'],
    ['GEOADD s 1 1 a 1', '-ERR syntax error|'],
    ['GEOADD s NX CH CH', '-ERR syntax error|'],
  ])
  runner.protocol = 3
  expectReplies(t, runner, [
    ['GEOPOS s Palermo none', '*2|*2|,13.36138933897018433|,38.11555639549629859|_|'],
  ])
})

t.test('replicas hear of a sorted set', async (t) => {
  const runner = new CommandRunner()
  t.same(runner.effectOf('GEOADD s CH 13.361389 38.115556 Palermo'), [
    ['n new s', 'z zadd s'],
    1,
    ['zadd s CH 3479099956230698 Palermo'],
  ])
  t.same(runner.effectOf('GEOADD s NX 1 1 Palermo'), [[], 0, []])
})

t.test('from 8.0 on places have no more digits than it takes', async (t) => {
  const runner = new CommandRunner({ version: '8.0' })
  runner.run(SICILY)
  expectReplies(t, runner, [
    ['GEOPOS s Palermo', '*1|*2|$18|13.361389338970184|$16|38.1155563954963|'],
  ])
})
