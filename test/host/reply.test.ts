import t from 'tap'
import { bulksIn, integerIn } from '../../lib/host/reply.ts'

t.test('replies are read, whatever bytes they hold', async (t) => {
  t.equal(integerIn(':42\r\n'), 42)
  t.strictSame(bulksIn('*0\r\n'), [])
  t.strictSame(bulksIn('*3\r\n$1\r\na\r\n$0\r\n\r\n$5\r\n\r\n$\xff\0\r\n'), [
    'a',
    '',
    '\r\n$\xff\0',
  ])
})
