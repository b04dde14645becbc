import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { RedisConfFile } from '../../lib/runtime/redis-conf-file.ts'

const directory = mkdtempSync(join(tmpdir(), 'redis-conf-file-'))
t.teardown(() => rmSync(directory, { recursive: true }))

t.test('bytes are kept as they are, and nothing else is left', async (t) => {
  const path = join(directory, 'redis.conf')
  writeFileSync(path, 'port 1\n')
  const file = new RedisConfFile(path)
  t.equal(file.read(), 'port 1\n')
  file.write('port 2 \xff\n')
  t.same(readFileSync(path), Buffer.from('port 2 \xff\n', 'latin1'))
  t.equal(file.read(), 'port 2 \xff\n')
  t.same(readdirSync(directory), ['redis.conf'])
})

t.test('a file that has gone is empty', async (t) => {
  t.equal(new RedisConfFile(join(directory, 'gone.conf')).read(), '')
})

t.test('what cannot be written is told in the words of the system', async (t) => {
  const message = 'No such file or directory'
  t.throws(() => new RedisConfFile(join(directory, 'no', 'redis.conf')).write(''), { message })
  const folder = join(directory, 'folder')
  mkdirSync(folder)
  t.throws(() => new RedisConfFile(folder).write(''))
  t.same(readdirSync(directory).sort(), ['folder', 'redis.conf'])
})
