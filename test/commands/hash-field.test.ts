/** HGETEX, HSETEX, HGETDEL. Replies are in test/conformance/transcript; here is what happens beside them. */
import t from 'tap'
import { CommandRunner } from '../support/command-runner.ts'

const NOW = 1_700_000_000_000

function runner(): CommandRunner {
  const made = new CommandRunner({ version: '8.0', now: NOW })
  made.run('HSET h a 1 b 2 c 3')
  return made
}

t.test('HGETDEL is told as HDEL', async (t) => {
  const it = runner()
  t.same(it.effectOf('HGETDEL h FIELDS 2 a x'), [['h hdel h'], 1, ['HDEL h a x']])
  t.same(it.effectOf('HGETDEL h FIELDS 1 x'), [[], 0, []])
  t.same(it.effectOf('HGETDEL h FIELDS 2 b c'), [['h hdel h', 'g del h'], 2, ['HDEL h b c']])
})

t.test('HGETEX is told as what it does to the ends', async (t) => {
  const it = runner()
  t.same(it.effectOf('HGETEX h FIELDS 1 a'), [[], 0, []])
  t.same(it.effectOf('HGETEX h EX 100 FIELDS 2 a x'), [
    ['h hexpire h'],
    1,
    [`HPEXPIREAT h ${NOW + 100_000} FIELDS 2 a x`],
  ])
  t.same(it.effectOf('HGETEX h PERSIST FIELDS 2 a b'), [
    ['h hpersist h'],
    1,
    ['HPERSIST h FIELDS 2 a b'],
  ])
  t.same(it.effectOf('HGETEX h PERSIST FIELDS 2 a b'), [[], 0, []])
  t.same(it.effectOf('HGETEX h PX 5 FIELDS 1 x'), [[], 0, []])
  t.same(it.effectOf('HGETEX h PXAT 1 FIELDS 2 x a'), [['h hdel h'], 1, ['HDEL h a']])
  t.same(it.effectOf('HGETEX h EX 0 FIELDS 2 b c'), [
    ['h hdel h', 'g del h'],
    2,
    ['HDEL h b', 'HDEL h c'],
  ])
})

t.test('HSETEX is told with the time itself', async (t) => {
  const it = runner()
  t.same(it.effectOf('HSETEX h FIELDS 1 a 5'), [['h hset h'], 1, ['HSETEX h FIELDS 1 a 5']])
  t.same(it.effectOf('HSETEX h FXX EX 100 FIELDS 1 a 5'), [
    ['h hset h', 'h hexpire h'],
    1,
    [`HSETEX h FXX PXAT ${NOW + 100_000} FIELDS 1 a 5`],
  ])
  t.same(it.effectOf('HSETEX h KEEPTTL FIELDS 1 a 6'), [
    ['h hset h'],
    1,
    ['HSETEX h KEEPTTL FIELDS 1 a 6'],
  ])
  t.equal(it.run('HTTL h FIELDS 1 a'), '*1\r\n:100\r\n')
  t.same(it.effectOf('HSETEX h FNX FIELDS 2 n 1 a 1'), [[], 0, []])
  t.same(it.effectOf('HSETEX new PXAT 1 FIELDS 2 x 1 x 2').slice(0, 1), [
    ['n new new', 'h hset new', 'h hdel new', 'g del new'],
  ])
  t.equal(it.run('EXISTS new'), ':0\r\n')
})
