/** What is said about libraries of functions, and to functions. */
import type { Scenario } from '../differential.ts'
import { libraries, library } from './lua-line.ts'

const lua = String.raw

export const scenarios: readonly Scenario[] = [
  {
    name: 'loading a library',
    lines: `
      FUNCTION
      FUNCTION LOAD
      FUNCTION LOAD REPLACE
      FUNCTION LOAD ""
      FUNCTION LOAD "#!"
      FUNCTION LOAD "#!lua"
      FUNCTION LOAD "#!lua\\n"
      FUNCTION LOAD "#!lua name=a"
      FUNCTION LOAD "#!lua name=a\\n"
      FUNCTION LOAD "#!lua name=a\\nreturn 1"
      FUNCTION LOAD "#!lua name=a b\\nreturn 1"
      FUNCTION LOAD "#!lua name=a name=b\\nreturn 1"
      FUNCTION LOAD "#!lua name=\\nreturn 1"
      FUNCTION LOAD "#!lua name=a-b\\nreturn 1"
      FUNCTION LOAD "#!lua name=\\xff\\nreturn 1"
      FUNCTION LOAD "#!lua name=\\"a\\nreturn 1"
      FUNCTION LOAD "#!lua NAME=a\\nreturn 1"
      FUNCTION LOAD "#!lua name=a foo=bar\\nreturn 1"
      FUNCTION LOAD "#!python name=a\\nreturn 1"
      FUNCTION LOAD "#!python foo=bar\\nreturn 1"
      FUNCTION LOAD "#! name=a\\nreturn 1"
      FUNCTION LOAD "#! lua name=a\\nreturn 1"
      FUNCTION LOAD "local a = 1"
      FUNCTION LOAD foo "#!lua name=a\\nreturn 1"
      FUNCTION LOAD foo bar "#!lua name=a\\nreturn 1"
      FUNCTION LOAD "#!lua name=\\"quoted\\"\\nredis.register_function('f1', function() return 1 end)"
      FUNCTION LOAD "#!LUA\\tname=tabbed \\r\\nredis.register_function('f2', function() return 2 end)"
      FUNCTION LOAD "#!lua 'name=whole'\\nredis.register_function('f3', function() return 3 end)"
      FUNCTION LOAD "#!lua name=quoted\\nredis.register_function('f4', function() return 4 end)"
      FUNCTION LOAD "#!lua name=Quoted\\nredis.register_function('f4', function() return 4 end)"
      FUNCTION LOAD REPLACE "#!lua name=quoted\\nredis.register_function('f2', function() return 1 end)"
      FUNCTION LOAD replace "#!lua name=quoted\\nredis.register_function('f5', function() return 5 end)"
      FUNCTION LIST LIBRARYNAME quoted WITHCODE
      FCALL f1 0
      FCALL f2 0
      FCALL f5 0
      FCALL F5 0
      FUNCTION STATS
      FUNCTION DELETE
      FUNCTION DELETE nosuch
      FUNCTION DELETE QUOTED
      FUNCTION DELETE quoted
      FUNCTION DELETE quoted x
      FCALL f5 0
      FUNCTION STATS
      FUNCTION STATS x
      FLUSHALL
      FLUSHDB
      FCALL f2 0
      FUNCTION FLUSH NOSUCH
      FUNCTION FLUSH SYNC ASYNC
      FUNCTION FLUSH async
      FUNCTION LIST
      FUNCTION KILL
      FUNCTION KILL x
      FUNCTION HELP
      FUNCTION HELP x
      FUNCTION NOSUCH
      FUNCTION CREATE x
    `,
  },
  {
    name: 'what a library may do while it loads',
    lines: `
      ${libraries(
        'l',
        lua`
          return
          retrun 1
          local a =
          \n\nreturn x y
          error('text')
          x = 1
          local y = x
          print(1)
          redis.call('ping')
          redis.pcall('ping')
          redis.setresp(3)
          redis.set_repl(1)
          redis.sha1hex('x')
          redis.error_reply('x')
          redis.acl_check_cmd('get', 'x')
          redis.breakpoint()
          redis.nosuch()
          redis.x = 1
          redis = 1
          local a = math.random()
          local a = string.rep('x', 3)
          local a = KEYS
          local a = cjson
          local a = tostring(1)
          local a = _G
          local a = getmetatable(1)
          local a = nil a.b = 1
          \n\nlocal a = {} a.b.c = 1
          ('x'):rep(3)
          local a = 5 + {}
          while true do end
          redis.log(redis.LOG_DEBUG, 'loading') redis.register_function('f', function() return redis.LOG_DEBUG end)
        `,
      )}
      FCALL f 0
      ${library('l', "redis.register_function('f', function() return redis.REDIS_VERSION_NUM end)", 'REPLACE')}
      FCALL f 0
      ${library('l', "local v = redis.REDIS_VERSION redis.register_function('f', function() return v end)", 'REPLACE')}
      FCALL f 0
    `,
  },
  {
    name: 'registering functions',
    lines: `
      ${libraries(
        'l',
        lua`
          redis.register_function()
          redis.register_function('f')
          redis.register_function(5)
          redis.register_function(nil)
          redis.register_function({})
          redis.register_function('f', 'x')
          redis.register_function('f', nil)
          redis.register_function(nil, function() end)
          redis.register_function(5, function() end)
          redis.register_function({}, function() end)
          redis.register_function('', function() end)
          redis.register_function('a-b', function() end)
          redis.register_function('a b', function() end)
          redis.register_function('a\0b', function() end)
          redis.register_function('f', function() end, 'd')
          redis.register_function('f', function() end, {}, 'd')
          redis.register_function('f', function() end) redis.register_function('f', function() end)
          redis.register_function('f', function() end) redis.register_function('F', function() end)
          redis.register_function('f', function() end) error('after')
          redis.register_function{}
          redis.register_function{function_name='f'}
          redis.register_function{callback=function() end}
          redis.register_function{function_name=5, callback=function() end}
          redis.register_function{function_name={}, callback=function() end}
          redis.register_function{function_name='f', callback=5}
          redis.register_function{function_name='f', callback=function() end, description=5}
          redis.register_function{function_name='f', callback=function() end, description={}}
          redis.register_function{function_name='f', callback=function() end, nosuch=1}
          redis.register_function{function_name='f', callback=function() end, [1]=1}
          redis.register_function{function_name='f', callback=function() end, flags='no-writes'}
          redis.register_function{function_name='f', callback=function() end, flags={'nosuch'}}
          redis.register_function{function_name='f', callback=function() end, flags={'no-writes', 5}}
          redis.register_function{function_name='f', callback=function() end, flags={no_writes=true}}
          redis.register_function{function_name='f', callback=function() end, flags={'NO-WRITES'}}
          redis.register_function{function_name='a-b', callback=function() end}
        `,
      )}
      FUNCTION LIST
      FUNCTION FLUSH
      ${library(
        'named',
        lua`redis.register_function{function_name='n1', callback=function() return 'n1' end}
redis.register_function{function_name='n2', callback=function() return 'n2' end, flags={'no-writes','allow-oom','allow-stale','no-cluster','allow-cross-slot-keys'}, description='what it does'}`,
      )}
      FUNCTION LIST LIBRARYNAME named
      FUNCTION DELETE named
      ${library('one', lua`redis.register_function{function_name='n1', callback=function() return 'n1' end, flags={'allow-cross-slot-keys','no-writes'}, description='a\0b'}`)}
      FUNCTION LIST WITHCODE
      FCALL n1 0
      ${library('other', "redis.register_function('n1', function() end)")}
      ${library('other', "redis.register_function('N1', function() end)")}
      FUNCTION LIST LIBRARYNAME o*
    `,
  },
  {
    name: 'FUNCTION LIST',
    lines: `
      FUNCTION LIST
      FUNCTION LIST WITHCODE
      ${library('only', "redis.register_function('f', function() return 1 end)")}
      FUNCTION LIST
      FUNCTION LIST WITHCODE
      function list withcode
      FUNCTION LIST LIBRARYNAME
      FUNCTION LIST LIBRARYNAME only
      FUNCTION LIST LIBRARYNAME ONLY
      FUNCTION LIST LIBRARYNAME on*
      FUNCTION LIST LIBRARYNAME ?nly WITHCODE
      FUNCTION LIST WITHCODE LIBRARYNAME o[mn]ly
      FUNCTION LIST LIBRARYNAME nosuch
      FUNCTION LIST LIBRARYNAME only LIBRARYNAME only
      FUNCTION LIST WITHCODE WITHCODE
      FUNCTION LIST NOSUCH
      FUNCTION LIST LIBRARYNAME only NOSUCH
    `,
  },
  {
    name: 'calling functions',
    lines: `
      FCALL
      FCALL f
      FCALL f 0
      FCALL f x
      FCALL_RO f 0
      ${library(
        'l',
        lua`local calls = 0
local function double(x) return x * 2 end
redis.register_function('count', function() calls = calls + 1 return calls end)
redis.register_function('double', function(keys, args) return double(args[1]) end)
redis.register_function('both', function(keys, args) return {keys, args, #keys, #args} end)
redis.register_function('count_arguments', function(...) return select('#', ...) end)
redis.register_function('globals', function() return {tostring(KEYS), tostring(ARGV)} end)
redis.register_function('write', function(keys, args) return redis.call('set', keys[1], args[1]) end)
redis.register_function('undeclared', function(keys, args) return redis.call('set', args[1], 'v') end)
redis.register_function('fail', function()
  error('broken')
end)
redis.register_function('fail_table', function() error({err='MY own'}) end)
redis.register_function('fail_call', function() return redis.call('incr', 'text') end)
redis.register_function('fail_pcall', function() return redis.pcall('incr', 'text') end)
redis.register_function('nested', function() return redis.call('fcall', 'count', 0) end)
redis.register_function('script', function() return redis.call('eval', 'return 1', 0) end)
redis.register_function('late', function() redis.register_function('more', function() end) end)
redis.register_function('make_global', function() leak = 1 end)
redis.register_function('read_global', function() return leak end)
redis.register_function('map', function() redis.setresp(3) return redis.call('debug', 'protocol', 'map') end)
redis.register_function('resp', function() return redis.call('debug', 'protocol', 'true') end)
redis.register_function('nothing', function() end)
redis.register_function('many', function() return 1, 2 end)
redis.register_function('libraries', function() return {type(cjson), type(cmsgpack), type(struct), type(bit), type(math), type(os)} end)
redis.register_function{function_name='read', callback=function(keys) return redis.call('get', keys[1]) end, flags={'no-writes'}}
redis.register_function{function_name='liar', callback=function(keys) return redis.call('set', keys[1], 'x') end, flags={'no-writes'}}
redis.register_function{function_name='lonely', callback=function() return 1 end, flags={'no-cluster'}}
redis.register_function{function_name='cross', callback=function() return {redis.call('set', 'a', 1), redis.call('set', 'b', 1)} end, flags={'allow-cross-slot-keys'}}
redis.register_function('no_cross', function() return {redis.call('set', 'a', 1), redis.call('set', 'b', 1)} end)
redis.register_function('names', function() local t = {} for k in pairs(redis) do table.insert(t, k) end table.sort(t) return t end)
redis.register_function('all', function() local t = {} for k in pairs(_G) do table.insert(t, k) end table.sort(t) return t end)
redis.register_function('meta', function() getmetatable(_G).__index.x = 1 end)
redis.register_function('change', function() redis.call = nil end)
redis.register_function('raw', function() rawset(_G, 'x', 1) end)`,
      )}
      @0m MONITOR
      FCALL count 0
      FCALL count 0
      fcall COUNT 0
      FCALL nosuch 0
      FCALL both x
      @0m !heard
      FCALL double 0 21
      FCALL double 0 x
      FCALL both 0
      FCALL both 2 {a}1 {a}2 x y z
      FCALL both 1 k "\\x00\\xff"
      FCALL both 3 a
      FCALL both -1
      FCALL both 1.5 a
      FCALL both 2 a b
      FCALL count_arguments 1 k v
      FCALL globals 0
      FCALL write 1 k v
      GET k
      FCALL undeclared 0 other
      FCALL undeclared 1 k other
      FCALL fail 0
      FCALL fail_table 0
      SET text text
      FCALL fail_call 0
      FCALL fail_pcall 0
      FCALL nested 0
      FCALL script 0
      FCALL late 0
      FCALL make_global 0
      FCALL read_global 0
      FCALL map 0
      FCALL resp 0
      FCALL nothing 0
      FCALL many 0
      FCALL libraries 0
      FCALL read 1 k
      FCALL_RO read 1 k
      FCALL liar 1 k
      FCALL_RO liar 1 k
      FCALL_RO write 1 k v
      FCALL_RO count 0
      FCALL_RO nosuch 0
      FCALL lonely 0
      FCALL_RO lonely 0
      FCALL cross 0
      FCALL no_cross 0
      FCALL cross 2 a b
      FCALL names 0
      FCALL all 0
      FCALL meta 0
      FCALL change 0
      FCALL raw 0
      MULTI
      FCALL write 1 k w
      FCALL nosuch 0
      FUNCTION DELETE l
      FUNCTION LIST
      EXEC
      FCALL count 0
      GET k
      EVAL "return redis.call('fcall', 'count', 0)" 0
      COMMAND GETKEYS FCALL f 2 {a}1 {a}2 v
      COMMAND GETKEYS FCALL_RO f 1 k v
    `,
  },
  {
    name: 'DUMP and RESTORE',
    lines: `
      FUNCTION DUMP
      FUNCTION DUMP x
      FUNCTION RESTORE
      FUNCTION RESTORE x
      FUNCTION RESTORE ""
      FUNCTION RESTORE "\\n\\x00\\xe5c\\x9d\\xc1U\\xd9\\xd0\\x0b"
      FUNCTION RESTORE x y
      FUNCTION RESTORE x APPEND z
      ${library('l', "redis.register_function('f', function() return 'old' end)")}
      FUNCTION DUMP
      FUNCTION DELETE l
      FUNCTION RESTORE "\\xf5AW#!lua name=l\\nredis.register_function('f', function() return 'old' end)\\n\\x00\\xb0\\x10\\x90\\xa5\\x99\\xe9*M"
      FUNCTION RESTORE "\\xf5\\x05wrong\\n\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
    `,
  },
  {
    name: 'functions that outlive a reload',
    lines: `
      ${library('l', "redis.register_function{function_name='f', callback=function() return 'still here' end, flags={'no-writes'}, description='d'}")}
      FCALL f 0
      DEBUG RELOAD
      FUNCTION LIST WITHCODE
      FCALL f 0
      FCALL_RO f 0
      FUNCTION STATS
      DEBUG RELOAD NOFLUSH
      DEBUG RELOAD NOFLUSH MERGE
      FUNCTION LIST
      FUNCTION FLUSH
      DEBUG RELOAD
      FUNCTION LIST
    `,
  },
]
