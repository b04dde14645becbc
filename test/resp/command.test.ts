import t from 'tap'
import { encodeCommand, isLongCommand, partsOfCommand } from '../../lib/resp/command.ts'

t.test('a command as bytes', async (t) => {
  t.equal(
    encodeCommand(['SET', 'k', '\xff\r\n']),
    '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\n\xff\r\n\r\n',
  )
  t.equal(encodeCommand(['X', '']), '*2\r\n$1\r\nX\r\n$0\r\n\r\n')
})

t.test('a command as parts of its bytes', async (t) => {
  const argv = ['SET', '', '\xff\r\n']
  t.equal([...partsOfCommand(argv)].join(''), encodeCommand(argv))
  t.notOk(isLongCommand(argv))
  t.ok(isLongCommand(['MSET', ...Array.from({ length: 200 }, () => 'x'.repeat(2 ** 20))]))
})
