/** What INFO tells of where a node runs is what the system says. */
import { execFileSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import t from 'tap'
import { hostFacts, resourceUsage } from '../../lib/runtime/host-facts.ts'

t.test('the system is named as uname does', async (t) => {
  const facts = hostFacts('/etc/redis.conf')
  t.equal(facts.system, execFileSync('uname', ['-srm'], { encoding: 'utf8' }).trim())
  const argv = ['-p', 'process.execPath']
  t.equal(execFileSync(facts.executable, argv, { encoding: 'utf8' }).trim(), facts.executable)
  t.match(facts.allocator, /^v8-\d+\.\d+/)
  t.same([facts.processId, facts.configFile], [process.pid, '/etc/redis.conf'])
})

t.test('memory and time are those in use', async (t) => {
  const before = resourceUsage()
  const held = Buffer.alloc(64 * 1024 * 1024, 1)
  const until = performance.now() + 50
  while (performance.now() < until) held[0] = 2
  const after = resourceUsage()
  t.ok(
    after.heapUsedBytes - before.heapUsedBytes > held.length / 2,
    'what lies beside the heap, too',
  )
  t.ok(after.userMicroseconds + after.systemMicroseconds > before.userMicroseconds)
  t.ok(after.residentBytes < after.totalSystemBytes)
  t.ok(after.heapTotalBytes > 0)
})
