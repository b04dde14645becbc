import t from 'tap'
import { globMatch } from '../../lib/base/glob.ts'

t.test('matches as a real server does', async (t) => {
  const table: [pattern: string, text: string, matches: boolean][] = [
    ['', '', true],
    ['', 'a', false],
    ['a', '', false],
    ['*', 'anything', true],
    // Redis looks at no pattern once the text is used up, so an empty text matches the empty pattern alone.
    ['*', '', false],
    ['**', '', false],
    ['a*', 'a', true],
    ['a**', 'a', true],
    ['*a', 'aaa', true],
    ['*a', 'aab', false],
    ['h?llo', 'hello', true],
    ['h?llo', 'hllo', false],
    ['h*llo', 'heeeello', true],
    ['h*l*o', 'hello', true],
    ['h[ae]llo', 'hallo', true],
    ['h[ae]llo', 'hillo', false],
    ['h[^e]llo', 'hallo', true],
    ['h[^e]llo', 'hello', false],
    ['h[a-b]llo', 'hbllo', true],
    ['h[b-a]llo', 'hallo', true],
    ['h[a-b]llo', 'hcllo', false],
    ['[a-]', '-', false],
    ['[a-]', '^', true],
    ['[-a]', '-', true],
    ['[^-a]', 'b', true],
    ['[]', 'a', false],
    ['[]a', 'a', false],
    ['[^]', 'a', true],
    ['[^]a', 'ba', true],
    ['[abc', 'b', true],
    ['[abc', 'bc', false],
    ['[a-', '-', true],
    ['[a-', '0', false],
    ['[a-', 'b', false],
    ['[\\]]', ']', true],
    ['[\\a-c]', 'b', false],
    ['[\\a-c]', '-', true],
    ['[!a]', '!', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['a\\', 'a\\', true],
    ['a\\\\', 'a\\', true],
    ['user:*:name', 'user:12:name', true],
    ['user:*:name', 'user:12:names', false],
    ['a/*', 'a/b/c', true],
    ['{a,b}', 'a', false],
    ['\0*', '\0\xff', true],
    ['A', 'a', false],
    // Ranges compare bytes with a sign: \xff is -1.
    ['[a-\xff]', 'b', false],
    ['[a-\xff]', '\0', true],
    ['[\x80-\xff]', '\x90', true],
  ]
  for (const [pattern, text, matches] of table) {
    t.equal(globMatch(pattern, text), matches, JSON.stringify([pattern, text]))
  }
})

t.test('ignores case when asked', async (t) => {
  const table: [pattern: string, text: string, matches: boolean][] = [
    ['GET*', 'getrange', true],
    ['get*', 'GETRANGE', true],
    ['[G-H]et', 'get', true],
    ['[g-h]ET', 'Get', true],
    ['[^G]et', 'get', false],
    ['\\GET', 'get', true],
    // An escaped byte of a class keeps its case.
    ['[\\G]et', 'get', false],
    ['\xc0', '\xe0', false],
  ]
  for (const [pattern, text, matches] of table) {
    t.equal(globMatch(pattern, text, true), matches, JSON.stringify([pattern, text]))
  }
})

t.test('many stars cost no more than the text is long', async (t) => {
  const text = 'a'.repeat(10_000)
  t.equal(globMatch('*a'.repeat(500), text), true)
  // Trying every split of the text among the stars would take longer than the universe has existed.
  t.equal(globMatch(`${'*a'.repeat(500)}b`, text), false)
  t.equal(globMatch(`${'*?'.repeat(500)}b`, text), false)
  t.equal(globMatch('*'.repeat(10_000), 'a'), true)
})
