import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { reasonOf } from '../../lib/runtime/system-error.ts'

/** What a call that fails throws. */
function errorOf(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}

t.test('the system tells its reasons in its own words', async (t) => {
  const directory = t.testdir({ file: '' })
  const reason = (...path: string[]) =>
    reasonOf(errorOf(() => readFileSync(join(directory, ...path))))
  t.equal(reason(), 'Is a directory')
  t.equal(reason('no'), 'No such file or directory')
  t.equal(reason('file', 'no'), 'Not a directory')
  t.equal(reasonOf(errorOf(() => writeFileSync('/dev/full', 'x'))), 'No space left on device')
})

t.test('a reason that is rare is told in the words of Node', async (t) => {
  t.equal(reasonOf(Object.assign(new Error('what'), { code: 'EWHAT' })), 'What')
  const text = 'ENOTBLK: block device required, open'
  t.equal(reasonOf(Object.assign(new Error(text), { code: 'ENOTBLK' })), 'Block device required')
})
