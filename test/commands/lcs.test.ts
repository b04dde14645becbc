import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('the subsequence, its length, its runs', async (t) => {
  const runner = new CommandRunner()
  runner.run('MSET a ohmytext b mynewtext')
  expectReplies(t, runner, [
    ['LCS a b', '$6|mytext|'],
    ['LCS a b LEN', ':6|'],
    ['LCS a b IDX', '*4|$7|matches|*2|*2|*2|:4|:7|*2|:5|:8|*2|*2|:2|:3|*2|:0|:1|$3|len|:6|'],
    ['LCS a b IDX MINMATCHLEN 4', '*4|$7|matches|*1|*2|*2|:4|:7|*2|:5|:8|$3|len|:6|'],
    [
      'LCS a b idx minmatchlen -5 withmatchlen',
      '*4|$7|matches|*2|*3|*2|:4|:7|*2|:5|:8|:4|*3|*2|:2|:3|*2|:0|:1|:2|$3|len|:6|',
    ],
    ['LCS a none', '$0||'],
    ['LCS a none LEN', ':0|'],
    ['LCS none none IDX', '*4|$7|matches|*0|$3|len|:0|'],
    ['LCS a a', '$8|ohmytext|'],
    ['LCS a b WITHMATCHLEN', '$6|mytext|'],
  ])
  runner.protocol = 3
  expectReplies(t, runner, [
    ['LCS a b IDX MINMATCHLEN 4', '%2|$7|matches|*1|*2|*2|:4|:7|*2|:5|:8|$3|len|:6|'],
  ])
})

t.test('what is refused, the keys first', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('SET a abc', 'APPEND a d', 'HSET h f v')
  expectReplies(t, runner, [
    ['LCS a h', '-ERR The specified keys must contain string values|'],
    ['LCS h none FOO', '-ERR The specified keys must contain string values|'],
    ['LCS a a FOO', '-ERR syntax error|'],
    ['LCS a a MINMATCHLEN', '-ERR syntax error|'],
    ['LCS a a MINMATCHLEN x', '-ERR value is not an integer or out of range|'],
    ['LCS a a LEN IDX', '-ERR If you want both the length and indexes, please just use IDX.|'],
    ['LCS a a', '$4|abcd|'],
  ])
  runner.config.set('proto-max-bulk-len', '99')
  expectReplies(t, runner, [
    ['LCS a a', '-ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len|'],
    ['LCS a none', '$0||'],
  ])
})

t.test('of random strings it is common to both and as long as can be', async (t) => {
  const seed = process.env.SEED ?? 'lcs'
  const random = new Random(seed)
  const runner = new CommandRunner()
  const text = () =>
    Array.from({ length: random.below(9) }, () => random.pick(['a', 'b', 'c'])).join('')
  for (let run = 0; run < 300; run++) {
    const [a, b] = [text(), text()]
    runner.execute(['MSET', 'a', a, 'b', b])
    const found = runner.run('LCS a b').split('\r\n')[1] as string
    const best = Math.max(
      ...subsequences(a).map((part) => (isSubsequence(part, b) ? part.length : 0)),
    )
    const valid = isSubsequence(found, a) && isSubsequence(found, b) && found.length === best
    if (!valid) t.fail(`SEED=${seed}: ${a} and ${b} have ${found}`)
  }
  t.pass(`SEED=${seed}`)
})

function subsequences(text: string): string[] {
  return text === '' ? [''] : subsequences(text.slice(1)).flatMap((rest) => [rest, text[0] + rest])
}

function isSubsequence(part: string, text: string): boolean {
  let at = 0
  for (const letter of text) if (letter === part[at]) at++
  return at === part.length
}
