import t from 'tap'
import {
  boxArgument,
  metersPerUnit,
  placeArgument,
  placeOfMember,
  radiusArgument,
} from '../../lib/commands/geo-argument.ts'
import { defaultEncodingLimits } from '../../lib/data/encoding-limit.ts'
import { placeOf } from '../../lib/data/geohash.ts'
import { SortedSetValue } from '../../lib/data/sorted-set.ts'

t.test('units in any case', async (t) => {
  t.equal(metersPerUnit('m'), 1)
  t.equal(metersPerUnit('Km'), 1000)
  t.equal(metersPerUnit('FT'), 0.3048)
  t.equal(metersPerUnit('mi'), 1609.34)
  t.throws(() => metersPerUnit('parsec'), { message: /unsupported unit/ })
})

t.test('places lie on the map', async (t) => {
  t.strictSame(placeArgument(['-180', '85.05112878'], 0), {
    longitude: -180,
    latitude: 85.05112878,
  })
  t.throws(() => placeArgument(['180.0078125', '-86'], 0), {
    message: 'ERR invalid longitude,latitude pair 180.007812,-86.000000',
  })
  t.throws(() => placeArgument(['x', '200'], 0), { message: 'ERR value is not a valid float' })
})

t.test('the place of a member', async (t) => {
  const set = new SortedSetValue(defaultEncodingLimits(), new Map([['a', 3479099956230698]]))
  t.strictSame(placeOfMember(set, 'a'), placeOf(3479099956230698))
  t.throws(() => placeOfMember(set, 'b'), {
    message: 'ERR could not decode requested zset member',
  })
})

t.test('sizes are told in meters, with their unit', async (t) => {
  t.strictSame(radiusArgument(['1.5', 'km'], 0), {
    size: { radiusMeters: 1500 },
    metersPerUnit: 1000,
  })
  t.strictSame(boxArgument(['1', '2', 'km'], 0), {
    size: { widthMeters: 1000, heightMeters: 2000 },
    metersPerUnit: 1000,
  })
  for (const [words, message] of [
    [['x', 'km'], 'ERR need numeric radius'],
    [['-1', 'x'], 'ERR radius cannot be negative'],
  ] as const) {
    t.throws(() => radiusArgument(words, 0), { message })
  }
  for (const [words, message] of [
    [['x', '1', 'km'], 'ERR need numeric width'],
    [['-1', 'x', 'km'], 'ERR need numeric height'],
    [['1', '-1', 'x'], 'ERR height or width cannot be negative'],
  ] as const) {
    t.throws(() => boxArgument(words, 0), { message })
  }
})
