import t from 'tap'
import {
  addresses,
  directory,
  keyspaceEvents,
  masterAddress,
  oomScores,
  outputLimits,
  outputLimitsOf,
  percentiles,
  savePoints,
} from '../../../lib/node/config/structured-value.ts'
import {
  ConfigRefusal,
  type ParseContext,
  type ValueType,
} from '../../../lib/node/config/value-type.ts'

function parse(type: ValueType, words: string, context: ParseContext = { current: '' }): string {
  try {
    return type.parse(words === '' ? [] : words.split(' '), context)
  } catch (error) {
    if (error instanceof ConfigRefusal) return `!${error.message}`
    throw error
  }
}

t.test('save points', async (t) => {
  t.equal(parse(savePoints, '900 1'), '900 1')
  t.equal(parse(savePoints, '900 1 60 10000'), '900 1 60 10000')
  t.equal(parse(savePoints, '01 +2'), '1 2', 'numbers as C reads them')
  t.equal(parse(savePoints, '99999999999999999999 1'), '9223372036854775807 1')
  t.equal(parse(savePoints, ''), '')
  for (const wrong of ['900', '900 1 60', '0 1', '1 -1', 'a b', '1.5 2']) {
    t.equal(parse(savePoints, wrong), '!Invalid save parameters', wrong)
  }
})

t.test('save lines of a file add up, CONFIG SET starts anew', async (t) => {
  const current = '900 1'
  t.equal(parse(savePoints, '60 5', { current }), '60 5')
  t.equal(parse(savePoints, '60 5', { current, line: { repeated: false } }), '60 5')
  t.equal(parse(savePoints, '60 5', { current, line: { repeated: true } }), '900 1 60 5')
  t.equal(parse(savePoints, '', { current, line: { repeated: true } }), '')
  t.equal(parse(savePoints, '60 5', { current: '', line: { repeated: true } }), '60 5')
})

const LIMITS = 'normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60'

t.test('output buffer limits change class by class', async (t) => {
  const set = (words: string) => parse(outputLimits, words, { current: LIMITS })
  t.equal(set(''), LIMITS)
  t.equal(
    set('NORMAL 1mb 2 3'),
    'normal 1048576 2 3 slave 268435456 67108864 60 pubsub 33554432 8388608 60',
  )
  t.equal(set('replica 1 2 3 pubsub 1gb 0 5'), 'normal 0 0 0 slave 1 2 3 pubsub 1073741824 0 5')
  t.equal(set('normal 1 2'), '!Wrong number of arguments in buffer limit configuration.')
  t.equal(set('foo 1 2 3'), '!Invalid client class specified in buffer limit configuration.')
  t.equal(set('master 1 2 3'), '!Invalid client class specified in buffer limit configuration.')
  for (const wrong of ['a 2 3', '1 x 3', '1 2 -3', '1 2 x', '-1 2 3', '1 2 99999999999999999999']) {
    t.equal(
      set(`normal ${wrong}`),
      '!Error in hard, soft or soft_seconds setting in buffer limit configuration.',
      wrong,
    )
  }
  t.same(outputLimitsOf(set('replica 1 2 3')), {
    normal: { hardBytes: 0, softBytes: 0, softSeconds: 0 },
    replica: { hardBytes: 1, softBytes: 2, softSeconds: 3 },
    pubsub: { hardBytes: 33554432, softBytes: 8388608, softSeconds: 60 },
  })
})

t.test('scores of the out-of-memory killer', async (t) => {
  t.equal(parse(oomScores, '0 200 -2000'), '0 200 -2000')
  t.equal(parse(oomScores, '01 +2 3'), '1 2 3')
  t.equal(parse(oomScores, ' 1 2'), '0 1 2', 'an empty word is 0')
  const bounds = '!Invalid oom-score-adj-values, elements must be between -2000 and 2000.'
  t.equal(parse(oomScores, '0 200 2001'), bounds)
  t.equal(parse(oomScores, '-2001 0 0'), bounds)
  t.equal(parse(oomScores, '0 200 a'), bounds)
  t.equal(parse(oomScores, '0 200'), '!wrong number of arguments')
})

t.test('percentiles', async (t) => {
  t.equal(parse(percentiles, '50 99 99.9 100 0 33.333333333'), '50 99 99.9 100 0 33.333333')
  t.equal(parse(percentiles, '1e1 +5'), '10 5')
  t.equal(parse(percentiles, ''), '')
  const range = '!latency-tracking-info-percentiles parameters should sit between [0.0,100.0]'
  t.equal(parse(percentiles, '50 100.1'), range)
  t.equal(parse(percentiles, '-1'), range)
  t.equal(parse(percentiles, 'inf'), range)
  for (const wrong of ['50 a', 'nan', '50  60']) {
    t.equal(parse(percentiles, wrong), '!Invalid latency-tracking-info-percentiles parameters')
  }
})

t.test('addresses, events, master, directory', async (t) => {
  t.equal(parse(addresses, '* -::*'), '* -::*')
  t.equal(parse(addresses, ''), '')
  t.equal(parse(addresses, Array(16).fill('a').join(' ')).length, 31)
  t.equal(parse(addresses, Array(17).fill('a').join(' ')), '!Too many bind addresses specified.')
  t.equal(keyspaceEvents.show?.(parse(keyspaceEvents, 'KEg$lshzxetdn')), 'AKE')
  t.equal(parse(keyspaceEvents, 'Kq'), "!Invalid event class character. Use 'Ag$lshzxeKEtmdn'.")
  t.equal(parse(masterAddress, 'localhost 07000'), 'localhost 7000')
  t.equal(parse(masterAddress, 'NO one'), '')
  t.equal(parse(masterAddress, 'localhost'), '!wrong number of arguments')
  t.equal(parse(masterAddress, 'localhost 65536'), '!Invalid master port')
  t.equal(parse(masterAddress, 'localhost x'), '!Invalid master port')
  t.equal(parse(directory, '/tmp'), '/tmp')
})

t.test('lines of a rewritten file', async (t) => {
  const forced = (...texts: string[]) => texts.map((text) => ({ text, forced: true }))
  t.same(savePoints.spell('900 1 60 5', '900 1 60 5'), forced('900 1', '60 5'))
  t.same(savePoints.spell('', ''), forced('""'))
  t.same(outputLimits.spell('normal 0 0 0 slave 1024 2 3 pubsub 33554432 8388608 60', LIMITS), [
    { text: 'normal 0 0 0', forced: false },
    { text: 'replica 1kb 2 3', forced: true },
    { text: 'pubsub 32mb 8mb 60', forced: false },
  ])
  t.same(oomScores.spell('1 2 3', '0 200 800'), forced('1 2 3'))
  t.same(percentiles.spell('50', '50'), forced('50'))
  t.same(percentiles.spell('', '50'), forced('""'))
  t.same(addresses.spell('127.0.0.1 ::1', '* -::*'), forced('127.0.0.1 ::1'))
  t.same(keyspaceEvents.spell('g$lshzxetdKE', ''), forced('"AKE"'))
  t.same(masterAddress.spell('a 1', ''), forced('a 1'))
  t.same(masterAddress.spell('', ''), [])
  t.same(directory.spell('/a b', '/a b'), forced('"/a b"'))
})
