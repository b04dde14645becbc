import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'
import { parseReply } from '../support/resp-client.ts'

const wrong = '-WRONGTYPE Operation against a key holding the wrong kind of value|'

function parsed(raw: string): unknown {
  return parseReply(raw)?.value
}

t.test('a compact hash is scanned whole', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['HSET h a 1 b 2 ab 3', ':3|'],
    ['HSCAN h 0', '*2|$1|0|*6|$1|a|$1|1|$1|b|$1|2|$2|ab|$1|3|'],
    ['HSCAN h 0 COUNT 1', '*2|$1|0|*6|$1|a|$1|1|$1|b|$1|2|$2|ab|$1|3|'],
    ['HSCAN h 0 match a* count 5', '*2|$1|0|*4|$1|a|$1|1|$2|ab|$1|3|'],
    ['HSCAN h 0 MATCH x', '*2|$1|0|*0|'],
    ['HSCAN none 0', '*2|$1|0|*0|'],
  ])
})

t.test('what is refused, the cursor first', async (t) => {
  expectReplies(t, new CommandRunner(), [
    ['SET s v', '+OK|'],
    ['HSET h a 1', ':1|'],
    ['HSCAN s x', '-ERR invalid cursor|'],
    ['HSCAN s 0 FOO', wrong],
    ['HSCAN none 0 FOO', '*2|$1|0|*0|'],
    ['HSCAN h 0 FOO', '-ERR syntax error|'],
    ['HSCAN h 0 COUNT 0', '-ERR syntax error|'],
    ['HSCAN h 0 COUNT x', '-ERR value is not an integer or out of range|'],
    ['HSCAN h 0 TYPE string', '-ERR syntax error|'],
  ])
})

t.test('a big hash comes in steps, each field with its value', async (t) => {
  const runner = new CommandRunner()
  for (let i = 0; i < 2000; i++) runner.execute(['HSET', 'h', `f${i}`, `v${i}`])
  const found = new Map<string, string>()
  let cursor = '0'
  let steps = 0
  do {
    const [next, items] = parsed(runner.run(`HSCAN h ${cursor} COUNT 50`)) as [string, string[]]
    for (let i = 0; i < items.length; i += 2) found.set(items[i] as string, items[i + 1] as string)
    cursor = next
    steps++
  } while (cursor !== '0')
  t.equal(found.size, 2000)
  t.equal(found.get('f77'), 'v77')
  t.ok(steps > 10, `${steps} steps`)
})

t.test('random fields', async (t) => {
  const runner = new CommandRunner({ seed: 'hrandfield' })
  expectReplies(t, runner, [
    ['HRANDFIELD none', '$-1|'],
    ['HRANDFIELD none 5', '*0|'],
    ['HRANDFIELD none -5 WITHVALUES', '*0|'],
    ['HSET h a 1', ':1|'],
    ['HRANDFIELD h', '$1|a|'],
    ['HRANDFIELD h 5', '*1|$1|a|'],
    ['HRANDFIELD h -3', '*3|$1|a|$1|a|$1|a|'],
    ['HRANDFIELD h 0', '*0|'],
    ['HRANDFIELD h 1 withvalues', '*2|$1|a|$1|1|'],
    ['HRANDFIELD h -2 WITHVALUES', '*4|$1|a|$1|1|$1|a|$1|1|'],
    ['HSET h b 2 c 3', ':2|'],
    ['HRANDFIELD h 3', '*3|$1|a|$1|b|$1|c|'],
  ])
  const two = parsed(runner.run('HRANDFIELD h 2')) as string[]
  t.equal(new Set(two).size, 2)
  const drawn = new Set(parsed(runner.run('HRANDFIELD h -100')) as string[])
  t.strictSame([...drawn].toSorted(), ['a', 'b', 'c'])
  runner.protocol = 3
  expectReplies(t, runner, [
    ['HRANDFIELD none', '_|'],
    ['HDEL h b c', ':2|'],
    ['HRANDFIELD h -2 WITHVALUES', '*2|*2|$1|a|$1|1|*2|$1|a|$1|1|'],
    ['HRANDFIELD h 0 WITHVALUES', '*0|'],
  ])
})

t.test('counts and words that HRANDFIELD refuses', async (t) => {
  const bounds =
    '-ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807|'
  expectReplies(t, new CommandRunner(), [
    ['SET s v', '+OK|'],
    ['HRANDFIELD s', wrong],
    ['HRANDFIELD s x', '-ERR value is not an integer or out of range|'],
    ['HRANDFIELD s 1 FOO', '-ERR syntax error|'],
    ['HRANDFIELD s 1 WITHVALUES FOO', '-ERR syntax error|'],
    ['HRANDFIELD s -9223372036854775808 FOO', bounds],
    ['HRANDFIELD s 4611686018427387904 WITHVALUES', '-ERR value is out of range|'],
    ['HRANDFIELD s -4611686018427387904 WITHVALUES', '-ERR value is out of range|'],
    ['HRANDFIELD s 4611686018427387903 WITHVALUES', wrong],
    ['HRANDFIELD s 4611686018427387904', wrong],
  ])
})
