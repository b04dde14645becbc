import t from 'tap'
import { JsonTokenizer } from '../../lib/scripting/json-token.ts'

/** The tokens of a text up to the end or an error, each with where it begins. */
function tokensOf(text: string, takesInvalidNumbers = true): string {
  const tokenizer = new JsonTokenizer(text, takesInvalidNumbers)
  const seen: string[] = []
  for (;;) {
    const token = tokenizer.next()
    const value = 'value' in token ? `=${JSON.stringify(token.value)}` : ''
    seen.push(`${tokenizer.start}:${token.name.replace('T_', '')}${value}`)
    if (token.name === 'T_END' || !token.name.startsWith('T_')) return seen.join(' ')
  }
}

t.test('marks, words and space', async (t) => {
  t.equal(
    tokensOf(' {}[]:,\t\n\rtrue false null'),
    '1:OBJ_BEGIN 2:OBJ_END 3:ARR_BEGIN 4:ARR_END 5:COLON 6:COMMA 10:BOOLEAN=true 15:BOOLEAN=false 21:NULL 25:END',
  )
  t.equal(tokensOf('[\0]'), '0:ARR_BEGIN 1:END', 'all ends at a NUL')
  t.equal(tokensOf('nulls'), '0:NULL 4:invalid token')
  for (const text of ['True', 'x', "'a'", '.5', '\xff', 'nul']) {
    t.equal(tokensOf(text), '0:invalid token', text)
  }
})

t.test('numbers as C reads them', async (t) => {
  const table: [text: string, expected: string][] = [
    ['-1.5e3', '0:NUMBER=-1500 6:END'],
    ['+1', '0:NUMBER=1 2:END'],
    ['01', '0:NUMBER=1 2:END'],
    ['1.', '0:NUMBER=1 2:END'],
    ['1e', '0:NUMBER=1 1:invalid token'],
    ['0x1F', '0:NUMBER=31 4:END'],
    ['-0x1.8p1', '0:NUMBER=-3 8:END'],
    ['0x', '0:NUMBER=0 1:invalid token'],
    ['-', '0:invalid number'],
    ['-x', '0:invalid number'],
    ['nan', '0:NUMBER=null 3:END'],
    ['-Infinity', '0:NUMBER=null 9:END'],
    ['infx', '0:NUMBER=null 3:invalid token'],
  ]
  for (const [text, expected] of table) t.equal(tokensOf(text), expected, text)
  for (const text of ['0x10', '012', '-012', '-inf']) {
    t.equal(tokensOf(text, false), '0:invalid number', text)
  }
  for (const text of ['inf', 'NaN', '+1']) t.equal(tokensOf(text, false), '0:invalid token', text)
  t.equal(tokensOf('0.5', false), '0:NUMBER=0.5 3:END')
})

t.test('strings, their bytes and their escapes', async (t) => {
  const table: [text: string, expected: string][] = [
    ['"a\xff\n\x01"', '0:STRING="aÿ\\n\\u0001" 6:END'],
    ['"\\"\\\\\\/\\b\\t\\n\\f\\r"', '0:STRING="\\"\\\\/\\b\\t\\n\\f\\r" 18:END'],
    ['"\\u0041\\u00E9"', '0:STRING="AÃ©" 14:END'],
    ['"\\ud83d\\ude00"', '0:STRING="ð\x9f\x98\x80" 14:END'],
    ['"\\u0000x"', '0:STRING="\\u0000x" 9:END'],
    ['"abc', '4:unexpected end of string'],
    ['"a\0"', '2:unexpected end of string'],
    ['"ab\\x"', '3:invalid escape code'],
    ['"ab\\', '3:invalid escape code'],
    ['"\\u12"', '1:invalid unicode escape code'],
    ['"a\\ude00"', '2:invalid unicode escape code'],
    ['"\\ud83d"', '1:invalid unicode escape code'],
    ['"\\ud83d\\u0041"', '1:invalid unicode escape code'],
  ]
  for (const [text, expected] of table) t.equal(tokensOf(text), expected, text)
})
