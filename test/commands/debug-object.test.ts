import t from 'tap'
import { CommandRunner } from '../support/command-runner.ts'

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
