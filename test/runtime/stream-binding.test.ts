import { execFileSync } from 'node:child_process'
import t from 'tap'
import { streamBinding } from '../../lib/runtime/stream-binding.ts'

t.test('Node has what is asked of its binding', async (t) => {
  const { streamBaseState, kReadBytesOrError, kLastWriteWasAsync, WriteWrap } = streamBinding ?? {}
  for (const index of [kReadBytesOrError, kLastWriteWasAsync]) {
    t.type(streamBaseState?.[index ?? -1], 'number')
  }
  t.not(kReadBytesOrError, kLastWriteWasAsync)
  t.type(WriteWrap, 'function')
})

t.test('where Node refuses it there is none', async (t) => {
  const url = new URL('../../lib/runtime/stream-binding.js', import.meta.url)
  const program = `process.binding = () => { throw new Error('refused') }
    import('${url}').then(({ streamBinding }) => console.log(String(streamBinding)))`
  t.equal(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }), 'undefined\n')
})
