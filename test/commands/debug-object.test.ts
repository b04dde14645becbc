import t from 'tap'
import { CommandRunner, expectReplies } from '../support/command-runner.ts'

t.test('how values are kept, as a real server says', async (t) => {
  const runner = new CommandRunner()
  runner.run('SET s abc')
  runner.run('RPUSH l a b')
  const describe = (line: string) => runner.run(line).replace(/ lru:\d+/, '')
  t.equal(
    describe('DEBUG OBJECT s'),
    '+Value at:0x0 refcount:1 encoding:embstr serializedlength:4 lru_seconds_idle:0\r\n',
  )
  t.equal(
    describe('DEBUG object l'),
    '+Value at:0x0 refcount:1 encoding:quicklist serializedlength:16 lru_seconds_idle:0 ql_nodes:1 ql_avg_node:2.00 ql_listpack_max:-2 ql_compressed:0 ql_uncompressed_size:13\r\n',
  )
  t.equal(runner.run('DEBUG OBJECT none'), '-ERR no such key\r\n')
  t.match(runner.run('DEBUG OBJECT'), /^-ERR unknown subcommand or wrong number of arguments/)
})

t.test('keys whose time is over are still there to be looked at', async (t) => {
  const runner = new CommandRunner()
  runner.run('SET k 7 PX 1')
  runner.clock.now += 5
  t.match(runner.run('DEBUG OBJECT k'), /refcount:2147483647 encoding:int serializedlength:2 /)
  t.equal(runner.run('DEBUG SDSLEN k'), '-ERR Not an sds encoded string.\r\n')
  t.equal(runner.run('DEBUG LISTPACK k'), '-ERR no such key\r\n')
})

t.test('texts, listpacks, quicklists and structures', async (t) => {
  const runner = new CommandRunner()
  runner.runAll('SET k v', `SET long ${'x'.repeat(100)}`, 'RPUSH l a', 'HSET h f v')
  expectReplies(t, runner, [
    [
      'DEBUG SDSLEN k',
      '+key_sds_len:1, key_sds_avail:0, key_zmalloc: 8, val_sds_len:1, val_sds_avail:0, val_zmalloc: 16|',
    ],
    [
      'DEBUG SDSLEN long',
      '+key_sds_len:4, key_sds_avail:0, key_zmalloc: 8, val_sds_len:100, val_sds_avail:8, val_zmalloc: 112|',
    ],
    ['DEBUG SDSLEN l', '-ERR Not an sds encoded string.|'],
    ['DEBUG SDSLEN none', '-ERR no such key|'],
    ['DEBUG QUICKLIST l 1', '+Quicklist structure printed on stdout|'],
    ['DEBUG QUICKLIST h', '-ERR Not a quicklist encoded object.|'],
    ['DEBUG LISTPACK h', '+Listpack structure printed on stdout|'],
    ['DEBUG LISTPACK l', '-ERR Not a listpack encoded object.|'],
    ['DEBUG LISTPACK none', '-ERR no such key|'],
  ])
  t.match(runner.run('DEBUG STRUCTSIZE'), /^\$83\r\nbits:64 robj:16 dictentry:24 /)
})
