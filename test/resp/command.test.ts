import t from 'tap'
import { encodeCommand } from '../../lib/resp/command.ts'

t.test('a command as bytes', async (t) => {
  t.equal(
    encodeCommand(['SET', 'k', '\xff\r\n']),
    '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\n\xff\r\n\r\n',
  )
  t.equal(encodeCommand(['X', '']), '*2\r\n$1\r\nX\r\n$0\r\n\r\n')
})
