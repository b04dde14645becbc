import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { PidFile } from '../../lib/runtime/pid-file.ts'

const directory = mkdtempSync(join(tmpdir(), 'pid-file-'))
t.teardown(() => rmSync(directory, { recursive: true }))

t.test('the number is there until it is removed', async (t) => {
  const path = join(directory, 'redis.pid')
  const file = PidFile.create(path, 123)
  t.equal(readFileSync(path, 'latin1'), '123\n')
  file?.remove()
  t.notOk(existsSync(path))
  file?.remove()
})

t.test('a file that cannot be written is none', async (t) => {
  t.equal(PidFile.create(join(directory, 'no', 'redis.pid'), 123), undefined)
})
