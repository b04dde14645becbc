import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { LogFile } from '../../lib/runtime/log-file.ts'

const directory = mkdtempSync(join(tmpdir(), 'log-file-'))
t.teardown(() => rmSync(directory, { recursive: true, force: true }))

t.test(
  'lines are appended in the format of Redis, also to a file that was moved away',
  async (t) => {
    const path = join(directory, 'redis.log')
    const file = new LogFile(path)
    t.equal(readFileSync(path, 'utf8'), '', 'it is there before the first line')
    const line = { level: 'notice', timeMs: 0, text: 'one' } as const
    file.write(line, 'master')
    file.write({ ...line, level: 'warning', text: 'two' }, 'replica')
    const lines = readFileSync(path, 'utf8').split('\n')
    t.match(lines[0], new RegExp(`^${process.pid}:M \\d\\d \\w{3} \\d{4} [\\d:.]{12} \\* one$`))
    t.match(lines[1], new RegExp(`^${process.pid}:S .* # two$`))
    renameSync(path, `${path}.1`)
    file.write(line, 'master')
    t.match(readFileSync(path, 'utf8'), /\* one\n$/)
  },
)

t.test(
  'a place that cannot be written is refused at once, one that goes later costs the lines',
  async (t) => {
    t.throws(() => new LogFile(join(directory, 'no', 'such')), { code: 'ENOENT' })
    const path = join(mkdtempSync(join(directory, 'gone-')), 'redis.log')
    const file = new LogFile(path)
    rmSync(join(path, '..'), { recursive: true })
    file.write({ level: 'notice', timeMs: 0, text: 'lost' }, 'master')
    t.throws(() => readFileSync(path), { code: 'ENOENT' })
  },
)
