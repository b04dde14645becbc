import t from 'tap'
import { ConfigError, parseConfigText, trimBlanks } from '../../../lib/node/config/config-text.ts'

t.test('lines of words, without comments and blank lines', async (t) => {
  const text =
    '# comment\n\n  PORT 7000  \r\nsave 900 1\n\tdir "/a b" \'it\\\'s\'\n# port 1\nsave ""'
  t.same(parseConfigText(text), [
    { line: 3, text: 'PORT 7000', words: ['port', '7000'] },
    { line: 4, text: 'save 900 1', words: ['save', '900', '1'] },
    { line: 5, text: "dir \"/a b\" 'it\\'s'", words: ['dir', '/a b', "it's"] },
    { line: 7, text: 'save ""', words: ['save', ''] },
  ])
  t.same(parseConfigText(''), [])
})

t.test('a quote that is not closed is reported with its line', async (t) => {
  for (const line of ['port "12', "port '12", 'port "12"3']) {
    t.throws(() => parseConfigText(`\n${line} `), {
      name: 'ConfigError',
      message: `Reading the configuration file, at line 2\n>>> '${line}'\nUnbalanced quotes in configuration line`,
      reason: 'Unbalanced quotes in configuration line',
    })
  }
})

t.test('an include is replaced by the lines of its files', async (t) => {
  const files: Record<string, string[]> = { '/a/*': ['port 1', 'hz 2\ninclude b'], b: ['\nhz 3'] }
  const found = parseConfigText('hz 1\nInclude /a/*\nhz 4', (pattern) => files[pattern] ?? [])
  t.same(
    found.map(({ line, words }) => [line, ...words]),
    [
      [1, 'hz', '1'],
      [1, 'port', '1'],
      [1, 'hz', '2'],
      [2, 'hz', '3'],
      [3, 'hz', '4'],
    ],
  )
  t.throws(() => parseConfigText('include a'), {
    name: 'ConfigError',
    reason: 'There is no file to include here',
  })
  t.throws(() => parseConfigText('include a', () => ['include a']), {
    name: 'ConfigError',
    reason: 'Files include each other',
  })
})

t.test('an error that concerns no single line is its reason alone', async (t) => {
  t.equal(new ConfigError('why').message, 'why')
  t.equal(new ConfigError('why').at, undefined)
})

t.test('blanks around a line go, those within stay', async (t) => {
  t.equal(trimBlanks(' \t a  b \r\n'), 'a  b')
})
