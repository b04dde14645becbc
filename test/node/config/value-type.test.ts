import t from 'tap'
import {
  ConfigRefusal,
  choice,
  choices,
  INT_MAX,
  INT_MIN,
  integer,
  LONG_MAX,
  memory,
  memoryOrPercentage,
  permissions,
  text,
  ULONG_MAX,
  type ValueType,
  yesNo,
} from '../../../lib/node/config/value-type.ts'

/** The value, or `!` and the reason. */
function parse(type: ValueType, words: readonly string[]): string {
  try {
    return type.parse(words, { current: '' })
  } catch (error) {
    if (error instanceof ConfigRefusal) return `!${error.message}`
    throw error
  }
}

const integerReason = "!argument couldn't be parsed into an integer"
const memoryReason = '!argument must be a memory value'
const eitherReason = '!argument must be a memory or percent value'
const range = (min: bigint | string, max: bigint | string) =>
  `!argument must be between ${min} and ${max} inclusive`

const sizes = choice(['small', 'large', 'big'], { big: 'large' })
const ways = choices(['default', 'slow', 'fast', 'loud'], (chosen) =>
  chosen.has('slow') && chosen.has('fast') ? 'not both' : undefined,
)
const noX = text({ refuse: (given) => (given.includes('x') ? 'no x' : undefined) })

const table: [what: string, type: ValueType, words: string[], value: string][] = [
  ['a switch', yesNo, ['YES'], 'yes'],
  ['a switch', yesNo, ['no'], 'no'],
  ['a switch', yesNo, ['1'], "!argument must be 'yes' or 'no'"],
  ['a switch', yesNo, [''], "!argument must be 'yes' or 'no'"],
  ['a switch', yesNo, [], '!wrong number of arguments'],
  ['a switch', yesNo, ['yes', 'no'], '!wrong number of arguments'],
  ['a choice', sizes, ['SMALL'], 'small'],
  ['a choice', sizes, ['big'], 'large'],
  ['a choice', sizes, [''], '!argument(s) must be one of the following: small, large, big'],
  ['choices', ways, ['loud', 'SLOW'], 'slow loud'],
  ['choices', ways, ['slow', 'slow', 'default'], 'slow'],
  ['choices', ways, ['default'], 'default'],
  ['choices', ways, ['slow', 'fast'], '!not both'],
  ['choices', ways, [], '!argument(s) must be one of the following: default, slow, fast, loud'],
  ['an integer', integer(0n, 10n), ['10'], '10'],
  ['an integer', integer(0n, 10n), ['11'], range(0n, 10n)],
  ['an integer', integer(0n, 10n), ['-1'], range(0n, 10n)],
  ['an integer', integer(INT_MIN, INT_MAX), ['-2147483648'], '-2147483648'],
  ['an integer', integer(0n, LONG_MAX), ['9223372036854775807'], '9223372036854775807'],
  ['an integer', integer(0n, LONG_MAX), ['9223372036854775808'], integerReason],
  ['an integer', integer(0n, 10n), ['010'], integerReason],
  ['an integer', integer(0n, 10n), ['+1'], integerReason],
  ['an integer', integer(0n, 10n), [' 1'], integerReason],
  ['an integer', integer(0n, 10n), ['1kb'], integerReason],
  ['an integer', integer(0n, 10n), [''], integerReason],
  ['an integer', integer(0n, 10n), ['1', '2'], '!wrong number of arguments'],
  ['octal', permissions, ['0'], '0'],
  ['octal', permissions, ['0777'], '777'],
  ['octal', permissions, ['1000'], range('0', '777')],
  ['octal', permissions, ['8'], "!argument couldn't be parsed as an octal number"],
  ['octal', permissions, [''], "!argument couldn't be parsed as an octal number"],
  ['memory', memory(0n, ULONG_MAX), ['1'], '1'],
  ['memory', memory(0n, ULONG_MAX), ['1b'], '1'],
  ['memory', memory(0n, ULONG_MAX), ['1k'], '1000'],
  ['memory', memory(0n, ULONG_MAX), ['1Kb'], '1024'],
  ['memory', memory(0n, ULONG_MAX), ['2m'], '2000000'],
  ['memory', memory(0n, ULONG_MAX), ['2MB'], '2097152'],
  ['memory', memory(0n, ULONG_MAX), ['3g'], '3000000000'],
  ['memory', memory(0n, ULONG_MAX), ['3GB'], '3221225472'],
  ['memory', memory(0n, ULONG_MAX), ['mb'], '0'],
  ['memory', memory(0n, ULONG_MAX), [''], '0'],
  ['memory', memory(0n, ULONG_MAX), ['1tb'], memoryReason],
  ['memory', memory(0n, ULONG_MAX), ['-1'], memoryReason],
  ['memory', memory(0n, ULONG_MAX), ['+1'], memoryReason],
  ['memory', memory(0n, ULONG_MAX), [' 1'], memoryReason],
  ['memory', memory(0n, ULONG_MAX), ['1.5mb'], memoryReason],
  ['memory', memory(0n, ULONG_MAX), ['18446744073709551616'], '18446744073709551615'],
  ['memory', memory(0n, ULONG_MAX), ['17179869184gb'], '0'],
  ['memory', memory(0n, ULONG_MAX), ['1'.repeat(128)], memoryReason],
  ['memory', memory(5n, LONG_MAX), ['4'], range(5n, LONG_MAX)],
  ['memory', memory(5n, LONG_MAX), ['9223372036854775808'], range(5n, LONG_MAX)],
  ['memory or percent', memoryOrPercentage, ['5kb'], '5120'],
  ['memory or percent', memoryOrPercentage, ['5%'], '5%'],
  ['memory or percent', memoryOrPercentage, ['100%'], '100%'],
  ['memory or percent', memoryOrPercentage, ['0%'], '0'],
  [
    'memory or percent',
    memoryOrPercentage,
    ['101%'],
    '!percentage argument must be less or equal to 100',
  ],
  ['memory or percent', memoryOrPercentage, ['-5%'], eitherReason],
  ['memory or percent', memoryOrPercentage, ['-5'], eitherReason],
  ['memory or percent', memoryOrPercentage, ['%'], eitherReason],
  ['memory or percent', memoryOrPercentage, ['5kb%'], eitherReason],
  ['memory or percent', memoryOrPercentage, ['18446744073709551615'], '1%'],
  ['a text', text(), ['a b '], 'a b '],
  ['a text', text(), [''], ''],
  ['a text', text(), ['a', 'b'], '!wrong number of arguments'],
  ['a text', noX, ['ay'], 'ay'],
  ['a text', noX, ['ax'], '!no x'],
]

for (const [what, type, words, value] of table) {
  t.equal(parse(type, words), value, `${what}: ${JSON.stringify(words)}`)
}

t.test('numbers', async (t) => {
  t.equal(integer(0n, LONG_MAX).numberOf?.('12'), 12)
  t.equal(memory(0n, LONG_MAX).numberOf?.('1024'), 1024)
  t.equal(permissions.numberOf?.('777'), 0o777)
  t.equal(memoryOrPercentage.numberOf?.('5%'), -5, 'a percentage is negative')
  t.equal(memoryOrPercentage.numberOf?.('5'), 5)
  t.equal(yesNo.numberOf, undefined)
})

t.test(
  'a value is written into a file if it differs from the default or stands there',
  async (t) => {
    const spell = (type: ValueType, value: string, initial: string) => type.spell(value, initial)
    t.same(spell(yesNo, 'yes', 'no'), [{ text: 'yes', forced: true }])
    t.same(spell(yesNo, 'no', 'no'), [{ text: 'no', forced: false }])
    t.same(spell(memory(0n, LONG_MAX), '2048', '0'), [{ text: '2kb', forced: true }])
    t.same(spell(memoryOrPercentage, '5%', '0'), [{ text: '5%', forced: true }])
    t.same(spell(memoryOrPercentage, '1024', '1024'), [{ text: '1kb', forced: false }])
    t.same(spell(text(), 'a b', ''), [{ text: '"a b"', forced: true }])
    t.same(spell(text(), '', ''), [], 'no text, no line')
    t.same(spell(text({ empty: 'a value' }), '', ''), [{ text: '""', forced: false }])
  },
)
