import t from 'tap'
import { bulk, expectScripts, ScriptStage } from '../support/script-stage.ts'

const error = (text: string) => `-${text} script: abc, on @user_script:1.|`

t.test('commands are called with the bytes of their arguments', async (t) => {
  const stage = new ScriptStage()
  t.equal(stage.run("return redis.call('set', 'a\\0\\255', 1, 0.1, 2^53, 2^63, 1/0, 0/0)"), '+OK|')
  t.same(stage.calls, [
    [
      'set',
      'a\0\xff',
      '1',
      '0.10000000000000001',
      '9007199254740992',
      '9.2233720368547758e+18',
      'inf',
      '-nan',
    ],
  ])
})

t.test('arguments of other types are refused', async (t) => {
  const stage = new ScriptStage()
  const types = 'ERR Lua redis lib command arguments must be strings or integers'
  const none = 'ERR Please specify at least one argument for this redis lib call'
  expectScripts(t, stage, [
    ['redis.call()', error(none)],
    ["redis.call('set', {})", error(types)],
    ["redis.call('set', true)", error(types)],
    ["redis.call('set', nil)", error(types)],
    ['return redis.pcall()', `-${none}|`],
    ['return redis.pcall({})', `-${types}|`],
  ])
  t.same(stage.calls, [])
  t.same(stage.failed, [], 'nobody has counted them before')
})

t.test('an error is raised or returned', async (t) => {
  const stage = new ScriptStage()
  stage.answer = (_argv, reply) => reply.error('E x')
  expectScripts(t, stage, [
    ["redis.call('a')", error('E x')],
    ["\nredis.call('a')", '-E x script: abc, on @user_script:2.|'],
    ["return redis.pcall('a')", '-E x|'],
    ["local ok, e = pcall(redis.call, 'a') return e", bulk('E x')],
  ])
})

t.test('errors and statuses are made', async (t) => {
  const wrong = '-ERR wrong number or type of arguments|'
  expectScripts(t, new ScriptStage(), [
    ["return redis.error_reply('My Err')", '-My Err|'],
    ["return redis.error_reply('MY')", '-ERR MY|'],
    ["return redis.error_reply('-MY Err')", '-MY Err|'],
    ["return redis.error_reply('')", '-ERR |'],
    ['return redis.error_reply()', wrong],
    ['return redis.error_reply(1)', wrong],
    ["return redis.error_reply('a', 'b')", wrong],
    ["return redis.status_reply('x')", '+x|'],
    ['return redis.status_reply({})', wrong],
  ])
})

t.test('what scripts say goes into the log', async (t) => {
  const stage = new ScriptStage()
  expectScripts(t, stage, [
    ["redis.log(redis.LOG_WARNING, 'a', {}, 1)", '$-1|'],
    ['redis.log(1)', error('ERR redis.log() requires two arguments or more.')],
    ["redis.log('a', 'b')", error('ERR First argument must be a number (log level).')],
    ["redis.log(9, 'b')", error('ERR Invalid debug level.')],
  ])
  t.same(stage.logs, [[3, 'a 1']])
})

t.test('the rest of it', async (t) => {
  const stage = new ScriptStage()
  expectScripts(t, stage, [
    ["return redis.sha1hex('a')", bulk('86f7e437faa5a7fce15d1ddcb9eaeaea377667b8')],
    ['return redis.sha1hex()', error('ERR wrong number of arguments')],
    ['redis.setresp(4)', error('ERR RESP version must be 2 or 3.')],
    ['redis.setresp()', error('ERR redis.setresp() requires one argument.')],
    ['return redis.replicate_commands()', ':1|'],
    ['return redis.breakpoint()', '$-1|'],
    ["return redis.debug('a')", '$-1|'],
    ['redis.set_repl(redis.REPL_NONE)', '$-1|'],
    ['redis.set_repl()', error('ERR redis.set_repl() requires two arguments.')],
    [
      'redis.set_repl(4)',
      error('ERR Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.'),
    ],
    ["return redis.acl_check_cmd('get', 'a')", ':1|'],
    ['return {redis.REDIS_VERSION, redis.REDIS_VERSION_NUM}', '*2|$6|7.0.15|:458767|'],
  ])
  t.same(stage.replication, [0])
  stage.isPermitted = undefined
  expectScripts(t, stage, [
    ["redis.acl_check_cmd('x')", error('ERR Invalid command passed to redis.acl_check_cmd()')],
  ])
})

t.test('the protocol that a script chose ends with it', async (t) => {
  const stage = new ScriptStage()
  stage.answer = (_argv, reply) => reply.null()
  t.equal(stage.run("redis.setresp(3) return type(redis.call('a'))"), bulk('nil'))
  t.equal(stage.run("return type(redis.call('a'))"), bulk('boolean'))
})

t.test('functions do without what is about scripts', async (t) => {
  const stage = new ScriptStage('function')
  expectScripts(t, stage, [
    ['return redis.breakpoint == nil and redis.replicate_commands == nil', ':1|'],
    ['return type(redis.call)', bulk('function')],
  ])
})
