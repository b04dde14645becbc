/** Words of a typed line, as redis-cli and redis.conf part them. */
import t from 'tap'
import { splitArguments } from '../../lib/resp/inline.ts'

t.test('words', async (t) => {
  const table: [line: string, words: string[]][] = [
    ['', []],
    [' \t\r\n\v\f ', []],
    ['GET a', ['GET', 'a']],
    ['  GET \t \v\f a\r\n', ['GET', 'a']],
    ['a\v\fb', ['a\v\fb']],
    ['"a"\v\'b\'', ['a', 'b']],
    ['\x80\xff caf\xe9', ['\x80\xff', 'caf\xe9']],
    ['""', ['']],
    ["''", ['']],
    ['a "" \'\' b', ['a', '', '', 'b']],
    ['"a b"', ['a b']],
    ["'a b'", ['a b']],
    ['"it\'s"', ["it's"]],
    ['\'say "hi"\'', ['say "hi"']],
    ['foo"bar"', ['foobar']],
    ["foo'bar' baz", ['foobar', 'baz']],
    ['a\\nb', ['a\\nb']],
    ['GET a\0b c', ['GET', 'a']],
    ['\0GET', []],
  ]
  for (const [line, words] of table) t.strictSame(splitArguments(line), words, JSON.stringify(line))
})

t.test('escapes in double quotes', async (t) => {
  const table: [line: string, word: string][] = [
    ['"\\n\\r\\t\\b\\a"', '\n\r\t\b\x07'],
    ['"\\\\ \\""', '\\ "'],
    ['"\\x00\\xFf\\x7e"', '\x00\xff~'],
    ['"\\x4g\\xg4\\x"', 'x4gxg4x'],
    ['"\\q\\0"', 'q0'],
    ['"a\nb"', 'a\nb'],
  ]
  for (const [line, word] of table) t.strictSame(splitArguments(line), [word], line)
})

t.test('single quotes know one escape', async (t) => {
  t.strictSame(splitArguments("'it\\'s'"), ["it's"])
  t.strictSame(splitArguments("'a\\nb\\x41\\\\ '"), ['a\\nb\\x41\\\\ '])
})

t.test('quotes that do not fit', async (t) => {
  for (const line of [
    '"',
    "'",
    '"a',
    "'a",
    'a"',
    '"a\\"',
    "'a\\'",
    '"a"b',
    "'a'b",
    '"a""b"',
    '"a\0b"',
  ]) {
    t.equal(splitArguments(line), undefined, JSON.stringify(line))
  }
})
