import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readTextFile, replaceTextFile } from '../../lib/runtime/text-file.ts'

t.test('bytes come back as they were written', async (t) => {
  const directory = t.testdir({})
  const path = join(directory, 'users.acl')
  replaceTextFile(path, 'user a\xff on\n')
  t.equal(readTextFile(path), 'user a\xff on\n')
  replaceTextFile(path, 'short')
  t.equal(readTextFile(path), 'short')
  t.same(readdirSync(directory), ['users.acl'], 'nothing is left beside it')
})

t.test("what goes wrong is told in the system's words", async (t) => {
  const directory = t.testdir({ folder: {} })
  t.throws(() => readTextFile(join(directory, 'none')), { message: 'No such file or directory' })
  t.throws(() => replaceTextFile(join(directory, 'none', 'file'), ''), {
    message: 'No such file or directory',
  })
  t.throws(() => replaceTextFile(join(directory, 'folder'), ''), {
    message: 'Is a directory',
  })
  t.same(readdirSync(directory), ['folder'], 'a failed write leaves nothing behind')
  writeFileSync(join(directory, 'file'), '')
  t.throws(() => readTextFile(join(directory, 'file', 'x')), { message: 'Not a directory' })
})
