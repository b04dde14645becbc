import t from 'tap'
import { parseGetexOptions, parseSetOptions } from '../../lib/commands/string-option.ts'
import { errors } from '../../lib/resp/reply-error.ts'

function set(line: string) {
  return parseSetOptions(['SET', 'k', 'v', ...line.split(' ').filter((word) => word !== '')])
}

function getex(line: string) {
  return parseGetexOptions(['GETEX', 'k', ...line.split(' ').filter((word) => word !== '')])
}

t.test('words in any case and order', async (t) => {
  t.match(set(''), { get: false, keepTtl: false, persist: false })
  t.match(set('get Nx keepttl'), { condition: 'NX', get: true, keepTtl: true })
  t.match(set('eXaT 5 XX'), {
    condition: 'XX',
    expiry: { word: 'EXAT', time: '5', form: { unit: 'seconds', absolute: true } },
  })
  t.match(getex('persist'), { persist: true })
  t.match(getex('PX NX'), { expiry: { word: 'PX', time: 'NX' } })
})

t.test('a word given again changes nothing, a time given again counts', async (t) => {
  t.match(set('NX NX GET GET KEEPTTL KEEPTTL'), { condition: 'NX', get: true, keepTtl: true })
  t.match(set('EX 1 ex 2'), { expiry: { word: 'EX', time: '2' } })
  t.match(getex('PERSIST PERSIST'), { persist: true })
  t.match(getex('EX 1 EX 2'), { expiry: { time: '2' } })
})

t.test('words that quarrel, miss their time or are unknown', async (t) => {
  for (const line of [
    'NX XX',
    'XX NX',
    'EX 1 PX 1',
    'EX 1 EXAT 1',
    'KEEPTTL EX 1',
    'EX 1 KEEPTTL',
    'PERSIST',
    'EX',
    'FOO',
    'toString',
    'NX EX',
  ]) {
    t.throws(() => set(line), errors.syntax, line)
  }
  for (const line of [
    'NX',
    'XX',
    'GET',
    'KEEPTTL',
    'PERSIST EX 1',
    'EX 1 PERSIST',
    'PX',
    'EX 1 PX 1',
  ]) {
    t.throws(() => getex(line), errors.syntax, line)
  }
})
