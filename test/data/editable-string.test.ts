import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { EditableString, wholeString } from '../../lib/data/editable-string.ts'

t.test('it is raw from the first edit on', async (t) => {
  t.equal(new EditableString('10', 'embstr').encoding(), 'embstr')
  t.equal(new EditableString('10').encoding(), 'raw')
  const appended = new EditableString('10', 'embstr')
  appended.append('')
  t.equal(appended.encoding(), 'raw')
  const written = new EditableString('10', 'int')
  written.setRange(1, '1')
  t.equal(written.encoding(), 'raw')
  t.equal(written.bytes(), '11')
  const edited = new EditableString('10', 'int')
  edited.edit(2)[0] = 0x37
  t.equal(edited.encoding(), 'raw')
  t.equal(edited.bytes(), '70')
})

t.test('a gap before what is written becomes zero bytes', async (t) => {
  for (const start of ['ab', 'ab'.repeat(1000)]) {
    const string = new EditableString(start)
    string.setRange(start.length + 3, 'x')
    t.equal(string.bytes(), `${start}\0\0\0x`)
    t.equal(string.length, start.length + 4)
  }
})

t.test('edit gives zero bytes beyond the end and keeps the rest', async (t) => {
  const string = new EditableString('abc')
  const buffer = string.edit(5)
  buffer[4] = 0xff
  t.equal(string.bytes(), 'abc\0\xff')
  t.equal(string.edit(0).length >= 5, true)
  t.equal(string.length, 5)
})

t.test('a copy shares nothing', async (t) => {
  for (const start of ['abc', 'abc'.repeat(1000)]) {
    const string = new EditableString(start)
    string.append('!')
    const copy = string.copy()
    string.setRange(0, 'X')
    t.equal(copy.bytes(), `${start}!`)
    copy.setRange(0, 'Y')
    t.equal(string.bytes()[0], 'X')
  }
  t.equal(new EditableString('1', 'int').copy().encoding(), 'int')
})

t.test('slice is that of the bytes, whatever form they have', async (t) => {
  const string = new EditableString('x'.repeat(2000))
  string.append('yz')
  t.equal(string.slice(1999, 2002), 'xyz')
  t.equal(string.slice(2001, 9000), 'z')
  string.bytes()
  t.equal(string.slice(2001, 9000), 'z')
  t.equal(string.slice(3, 3), '')
})

t.test('a whole string is its bytes in either form', async (t) => {
  t.equal(wholeString('abc'), 'abc')
  t.equal(wholeString(new EditableString('abc')), 'abc')
})

t.test('random edits do to it what they do to a plain string', async (t) => {
  const seed = process.env.SEED ?? 'editable-string'
  const random = new Random(seed)
  for (let run = 0; run < 200; run++) {
    let plain = random.bytes(random.below(1500))
    const string = new EditableString(plain)
    for (let step = 0; step < 20; step++) {
      const part = random.bytes(random.below(random.pick([3, 100, 900])))
      if (random.below(2) === 0) {
        plain += part
        string.append(part)
      } else if (part !== '') {
        const offset = random.below(plain.length + 50)
        const kept = plain.slice(0, offset).padEnd(offset, '\0')
        plain = kept + part + plain.slice(offset + part.length)
        string.setRange(offset, part)
      }
      if (random.below(3) === 0 && string.bytes() !== plain) t.fail(`SEED=${seed} run ${run}`)
      if (string.length !== plain.length) t.fail(`SEED=${seed} run ${run}: length`)
    }
    if (string.bytes() !== plain) t.fail(`SEED=${seed} run ${run}: end`)
  }
  t.pass(`SEED=${seed}`)
})
