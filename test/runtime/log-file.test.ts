import { spawnSync } from 'node:child_process'
import {
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
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

/** A pipe with both ends open, full to the brim. */
function fullPipe(): number {
  const path = join(mkdtempSync(join(directory, 'pipe-')), 'pipe')
  spawnSync('mkfifo', [path])
  const pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  for (const size of [4096, 1]) {
    try {
      for (;;) writeSync(pipe, Buffer.alloc(size))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
  return pipe
}

t.test('a full pipe', { skip: process.platform === 'win32' && 'no named pipes' }, async (t) => {
  const line = { level: 'notice', timeMs: 0, text: 'late' } as const
  t.test('keeps the line waiting until it is read', async (t) => {
    const pipe = fullPipe()
    // This thread cannot read while it writes.
    const reader = new Worker(
      `const { workerData: pipe, parentPort } = require('node:worker_threads')
       parentPort.postMessage('reads')
       setTimeout(() => require('node:fs').readSync(pipe, Buffer.alloc(8192)), 20)`,
      { eval: true, workerData: pipe },
    )
    await new Promise((resolve) => reader.once('message', resolve))
    new LogFile(pipe).write(line, 'master')
    await new Promise((resolve) => reader.once('exit', resolve))
    t.match(drain(pipe), /\* late\n$/)
  })

  t.test('that nobody reads costs a line a second, and the next ones nothing', async (t) => {
    const pipe = fullPipe()
    const file = new LogFile(pipe)
    for (let i = 0; i < 1000; i++) file.write(line, 'master')
    t.notMatch(drain(pipe), /late/)
    file.write({ ...line, text: 'on time' }, 'master')
    t.match(drain(pipe), /\* on time\n$/)
  })
})

/** All that is in a pipe. */
function drain(pipe: number): string {
  const buffer = Buffer.alloc(1024 * 1024)
  let length = 0
  try {
    for (;;) length += readSync(pipe, buffer, length, buffer.length - length, null)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
  }
  return buffer.toString('latin1', 0, length)
}
