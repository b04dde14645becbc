import t from 'tap'
import { CommandForm } from '../../lib/node/command-form.ts'

const record = (key: string, bytes: string) => ({
  key,
  value: { type: 'string' as const, bytes },
  expiryMs: undefined,
})

t.test('a database is selected when it is another one', async (t) => {
  const form = new CommandForm('#TS:1\r\n')
  form.record(0, record('a', '1'))
  form.record(0, record('b', '2'))
  form.record(7, record('c', '3'))
  form.record(0, record('d', '4'))
  t.notOk(form.isFull)
  const words = form.end().toString().split('\r\n')
  t.equal(words[0], '#TS:1')
  const said = words.filter((word) => /^[A-Za-z0-9]+$/.test(word))
  t.strictSame(said, [
    ...['SELECT', '0', 'SET', 'a', '1', 'SET', 'b', '2'],
    ...['SELECT', '7', 'SET', 'c', '3', 'SELECT', '0', 'SET', 'd', '4'],
  ])
})

t.test('a chunk has what came since the last one', async (t) => {
  const form = new CommandForm('')
  form.record(0, record('a', 'x'.repeat(70_000)))
  t.ok(form.isFull)
  t.ok(form.take().length > 70_000)
  t.notOk(form.isFull)
  t.equal(form.end().length, 0)
})
