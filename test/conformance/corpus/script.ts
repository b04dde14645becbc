/**
 * What is said by scripts: EVAL and its kin, how values cross the border in both directions, errors, the sandbox. A table
 * without a text `err` is never raised: Redis 7.0 dies of it.
 */
import type { Scenario } from '../differential.ts'
import { returns, runs } from './lua-line.ts'

const lua = String.raw

export const scenarios: readonly Scenario[] = [
  {
    name: 'arguments of EVAL and EVALSHA',
    lines: `
      EVAL
      EVAL "return 1"
      EVAL "return 1" 0
      EVAL "return 1" x
      EVAL "return 1" ""
      EVAL "return 1" 1.5
      EVAL "return 1" -1
      EVAL "return 1" 1
      EVAL "return 1" 2 a
      EVAL "return 1" 99999999999999999999 a
      EVAL "" 0
      EVAL " " 0
      EVAL "-- nothing" 0
      EVAL "return" 0
      EVAL_RO "return 1" 0
      EVAL_RO "return 1"
      EVAL_RO "return 1" x
      EVALSHA
      EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db
      EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0
      EVALSHA E0E1F9FABFC9D4800C877A703B823AC0578FF8DB 0
      EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db x
      EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 1
      EVALSHA nosuch 0
      EVALSHA 0000000000000000000000000000000000000000 0
      EVALSHA 0000000000000000000000000000000000000000 1
      EVALSHA 00000000000000000000000000000000000000000 0
      EVALSHA_RO e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0
      EVALSHA_RO 0000000000000000000000000000000000000000 0
      EVALSHA_RO nosuch
      COMMAND GETKEYS EVAL "return 1" 2 {a}1 {a}2 v
      COMMAND GETKEYS EVAL "return 1" 0
      COMMAND GETKEYS EVALSHA_RO sha 1 k v
      COMMAND GETKEYS EVAL "return 1" 3 a
      COMMAND GETKEYS EVAL "return 1" x a
    `,
  },
  {
    name: 'KEYS and ARGV',
    lines: `
      EVAL "return {KEYS[1],KEYS[2],ARGV[1],ARGV[2]}" 2 {a}1 {a}2 x y
      EVAL "return {#KEYS,#ARGV}" 1 k x y z
      EVAL "return {#KEYS,#ARGV}" 0
      EVAL "return KEYS" 3 {a}1 {a}2 {a}3
      EVAL "return ARGV" 0 "" "\\x00" "\\xff\\xfe" "a\\r\\nb"
      EVAL "return KEYS[1] == nil" 0
      EVAL "KEYS[1] = 'changed' return KEYS" 1 k
      EVAL "ARGV = 1 return ARGV" 0 x
      EVAL "return #ARGV[1]" 0 "\\x00\\x01\\x80\\xff"
      EVAL "return string.byte(ARGV[1], 1, -1)" 0 "\\x00\\x01\\x80\\xff"
      EVAL "return {string.byte(ARGV[1], 1, -1)}" 0 "\\x00\\x01\\x80\\xff"
      EVAL "return ARGV[1] + 1" 0 41
      EVAL "return type(ARGV[1])" 0 41
      EVAL "redis.call('set', KEYS[1], ARGV[1]) return redis.call('get', KEYS[1])" 1 k "\\x00\\r\\n\\xff"
      EVAL "return redis.call('mget', unpack(KEYS))" 3 k {k} {k}x
      EVAL "return {KEYS, ARGV}" 1 k v
      EVAL "local KEYS = {'mine'} return KEYS" 1 k
      EVAL "return KEYS" 2 {a}1 {a}1
    `,
  },
  {
    name: 'Lua values as replies',
    lines: returns(lua`
      nil
      true
      false
      1
      0
      -1
      1.9
      -1.9
      3.0
      1e15
      1e18
      -1e18
      2^53
      -(2^53)
      2^62
      '1'
      ''
      'text'
      'a\0b'
      '\255\254'
      'two\r\nlines'
      {}
      {1,2,3}
      {1,nil,3}
      {nil,2}
      {1,2,nil}
      {true,false}
      {false,1}
      {1,'a',{2,{3,{}}}}
      {a=1}
      {1,2,a=3}
      {[1]='a',[2]='b',[4]='d'}
      {[0]='zero','one'}
      {1.5,-0.5,'1.5'}
      {ok='fine'}
      {ok=''}
      {ok=1}
      {ok='two\r\nlines'}
      {ok={}}
      {err='ERR broken'}
      {err='broken'}
      {err=''}
      {err='MY own'}
      {err='-MY own'}
      {err='two\r\nlines'}
      {err=1}
      {err={}}
      {err='first', ok='second'}
      {ok='first', 1, 2}
      {{ok='fine'},{err='ERR inner'}}
      {double=3.5}
      {double=3}
      {double='3.5'}
      {double=-0.0}
      {double=1e100}
      {double=1/0}
      {double=-1/0}
      {double=0.1}
      {double=1e15}
      {double=123456789012345678}
      {double=100000000000000000000}
      {map={}}
      {map={a=1}}
      {map={[1]=2}}
      {map={[true]='yes'}}
      {map='no map'}
      {set={}}
      {set={a=true}}
      {set={5}}
      {set=1}
      {big_number='123456789012345678901234567890'}
      {big_number=5}
      {verbatim_string={format='txt',string='text'}}
      {verbatim_string={format='markdown',string='text'}}
      {verbatim_string={format='txt'}}
      {verbatim_string={string='text'}}
      {verbatim_string='text'}
      {map={a={double=1.5}}}
      {{map={a={1,2,{set={b=1}}}}}}
      function() end
      print
      {function() end, 1}
      coroutine.create(function() end)
      1,2,3
      'a','b'
      (nil),1
      redis
      {redis.NOSUCH}
      setmetatable({}, {__index=function(t, k) return 'x' end})
      setmetatable({1}, {__index=function(t, k) if k < 4 then return k end end})
      setmetatable({}, {__tostring=function() return 'text' end})
      tostring(nil)..tostring(true)..tostring(1.5)
      cjson.null
      {cjson.null}
    `),
  },
  {
    name: 'Lua values as replies after setresp',
    lines: runs(lua`
      redis.setresp(3) return nil
      redis.setresp(3) return true
      redis.setresp(3) return false
      redis.setresp(3) return {true,false,nil,1}
      redis.setresp(3) return {double=3.5}
      redis.setresp(3) return {map={a=1}}
      redis.setresp(3) return {set={a=true}}
      redis.setresp(3) return {big_number='123'}
      redis.setresp(3) return {verbatim_string={format='txt',string='text'}}
      redis.setresp(3) return 1.9
      redis.setresp(3) redis.setresp(2) return true
      redis.setresp(2) return true
      redis.setresp(3) return {map={a={true,false}}}
    `),
  },
  {
    name: 'replies as Lua values',
    lines: `
      SET s text
      HSET h f1 v1
      ZADD z 1 a 2.5 b
      RPUSH l a b c
      SADD set only
      ${returns(lua`
        redis.call('get', 's')
        redis.call('get', 'none')
        type(redis.call('get', 'none'))
        redis.call('get', 'none') == false
        redis.call('set', 's', 'text')
        redis.call('set', 's', 'text')['ok']
        redis.call('set', 's', 'x', 'nx')
        redis.call('lrange', 'l', 0, -1)
        redis.call('lrange', 'none', 0, -1)
        redis.call('llen', 'l')
        type(redis.call('llen', 'l'))
        redis.call('hgetall', 'h')
        redis.call('hmget', 'h', 'f1', 'none')
        redis.call('zrange', 'z', 0, -1, 'withscores')
        redis.call('zscore', 'z', 'b')
        redis.call('zscore', 'z', 'none')
        redis.call('smembers', 'set')
        redis.call('sismember', 'set', 'only')
        redis.call('mget', 's', 'none', 's')
        redis.call('ping')
        redis.call('ping').ok
        redis.call('echo', 'x')
        redis.call('type', 's')
        redis.call('lpop', 'none')
        redis.call('lpop', 'none', 1)
        redis.call('blpop', 'none', 0)
        redis.call('incrbyfloat', 'f', '3.25')
        redis.call('exists', 's', 'none')
        redis.call('object', 'encoding', 's')
        redis.call('debug', 'protocol', 'double')
        redis.call('config', 'get', 'maxmemory')
        redis.call('xadd', 'x', '5-1', 'f', 'v')
        redis.call('xrange', 'x', '-', '+')
        redis.call('xread', 'streams', 'x', '0')
        redis.call('xread', 'block', '0', 'streams', 'none', '$')
        redis.call('geopos', 'none', 'a')
        redis.call('command', 'count') > 200
        #redis.call('time')
        redis.call('time')[1] == redis.call('time')[1]
      `)}
      ${runs(lua`
        redis.setresp(3) return redis.call('get', 'none')
        redis.setresp(3) return redis.call('get', 'none') == nil
        redis.setresp(3) return redis.call('hgetall', 'h')
        redis.setresp(3) return redis.call('hgetall', 'h').map.f1
        redis.setresp(3) return redis.call('zscore', 'z', 'b')
        redis.setresp(3) return redis.call('zscore', 'z', 'b').double
        redis.setresp(3) return tostring(redis.call('zscore', 'z', 'b').double)
        redis.setresp(3) return redis.call('zrange', 'z', 0, -1, 'withscores')
        redis.setresp(3) return redis.call('smembers', 'set')
        redis.setresp(3) return redis.call('smembers', 'set').set.only
        redis.setresp(3) return redis.call('lpop', 'none')
        redis.setresp(3) return redis.call('lpop', 'none', 1)
        redis.setresp(3) return redis.call('debug', 'protocol', 'true')
        redis.setresp(3) return redis.call('debug', 'protocol', 'false')
        redis.setresp(3) return redis.call('debug', 'protocol', 'null')
        redis.setresp(3) return redis.call('debug', 'protocol', 'double')
        redis.setresp(3) return redis.call('debug', 'protocol', 'bignum')
        redis.setresp(3) return redis.call('debug', 'protocol', 'verbatim')
        redis.setresp(3) return redis.call('debug', 'protocol', 'verbatim').verbatim_string.format
        redis.setresp(3) return redis.call('debug', 'protocol', 'map')
        redis.setresp(3) return redis.call('debug', 'protocol', 'set')
        redis.setresp(3) return redis.call('debug', 'protocol', 'attrib')
        redis.setresp(3) return redis.call('config', 'get', 'maxmemory')
        redis.setresp(3) return redis.call('set', 's', 'text')
        redis.setresp(3) return redis.call('mget', 's', 'none')
        redis.setresp(3) return redis.call('hello', '3')
        redis.setresp(3) local a = redis.call('get', 'none') redis.setresp(2) return {a == nil, redis.call('get', 'none') == false}
        redis.setresp(1)
        redis.setresp(4)
        redis.setresp('3')
        redis.setresp('x')
        redis.setresp()
        redis.setresp(2, 3)
        redis.setresp(2.5)
        return redis.call('debug', 'protocol', 'true')
        return redis.call('debug', 'protocol', 'null')
        return redis.call('debug', 'protocol', 'map')
        return redis.call('debug', 'protocol', 'verbatim')
        return redis.call('debug', 'protocol', 'bignum')
      `)}
    `,
  },
  {
    name: 'how numbers become text',
    lines: returns(lua`
      tostring(1)
      tostring(-0)
      tostring(0.1)
      tostring(1/3)
      tostring(1e14)
      tostring(1e15)
      tostring(123456789012345)
      tostring(1234567890123456)
      tostring(1e100)
      tostring(1/0)
      tostring(-1/0)
      tostring(2^53)
      tostring(2^63)
      tostring(100)
      tostring(1.10)
      1 .. ''
      0.1 .. ''
      2^31 .. ''
      -2^63 .. ''
      10/2 .. ''
      7 % 3 .. ''
      -7 % 3 .. ''
      5 % -3 .. ''
      2^0.5 .. ''
      string.format('%d', 3)
      string.format('%d', 3.99)
      string.format('%d', -3.99)
      string.format('%d', 1795213972123)
      string.format('%d', -1795213972123)
      string.format('%d', 2^53)
      string.format('%d', 2^62)
      string.format('%5d|%-5d|%05d|%+d|% d', 42, 42, 42, 42, 42)
      string.format('%.3d', 7)
      string.format('%i', 12)
      string.format('%u', 42)
      string.format('%x %X %#x %o', 255, 255, 255, 8)
      string.format('%x', 1795213972123)
      string.format('%x', 2^40)
      string.format('%08x', 48879)
      string.format('%c%c', 65, 66)
      string.format('%e', 12345.678)
      string.format('%E', 0.00012)
      string.format('%f', 1/3)
      string.format('%.2f', 2.345)
      string.format('%10.3f|%-10.3f|', 3.14159, 3.14159)
      string.format('%g', 1e20)
      string.format('%g', 0.0001)
      string.format('%.14g', 0.1)
      string.format('%.17g', 0.1)
      string.format('%.20f', 0.1)
      string.format('%G', 1e-10)
      string.format('%s', 'text')
      string.format('%s', 12)
      string.format('%5s|%-5s|%.2s', 'ab', 'ab', 'abc')
      string.format('%q', 'a "quoted"\n\0\r\\ text')
      string.format('%%')
      string.format('%')
      string.format('%y', 1)
      string.format('%d')
      string.format('%d', 'x')
      string.format('%d', '12')
      string.format('%s')
      string.format('%s', nil)
      string.format('%s', true)
      string.format('%123d', 1)
      string.format('%.123d', 1)
      string.format('%#######d', 1)
      string.format('%a', 1)
      tonumber('12')
      tonumber('0x1p4', 34)
      tonumber('0x', 16)
      tonumber('1\\0', 5)
      ('hello'):sub(2, 2^31)
      ('hello'):sub(-2^40, 3)
      ('hello'):sub(1, 2^63)
      ('hello'):byte(2^33)
      tonumber('  12  ')
      tonumber('0x10')
      tonumber('1e3')
      tonumber('')
      tonumber('12x')
      tonumber('1 2')
      tonumber('ff', 16)
      tonumber('ffffffffff', 16) .. ''
      tonumber('z', 36)
      tonumber('8', 8)
      tonumber('-11', 2)
      tonumber('1', 1)
      tonumber('1', 37)
      tonumber(nil)
      tonumber()
      tonumber({})
      tostring(tonumber('nan'))
      math.floor(-1.5)
      math.ceil(1.2)
      math.max(1, 5, 3)
      math.fmod(-7, 3)
      math.huge
      math.pi .. ''
      math.floor(1e15 + 0.5) .. ''
      #tostring(math.random())  > 0
      '10' + 5
      '0x10' * 2
      '3' .. 4
      10 == '10'
      'a' < 'b'
      1 < 2
    `),
  },
  {
    name: 'numbers as arguments of commands',
    lines: `
      ${returns(lua`
        redis.call('set', 'n', 1)
        redis.call('get', 'n')
        redis.call('echo', 1.5)
        redis.call('echo', 3.0)
        redis.call('echo', 0.1)
        redis.call('echo', 1/3)
        redis.call('echo', 1e15)
        redis.call('echo', 1e17)
        redis.call('echo', 1e18)
        redis.call('echo', 123456789012345678)
        redis.call('echo', 2^53)
        redis.call('echo', 2^53 + 2)
        redis.call('echo', 7353196935499775)
        redis.call('echo', 2^63)
        redis.call('echo', -2^63)
        redis.call('echo', 2^64)
        redis.call('echo', 1e100)
        redis.call('echo', 1/0)
        redis.call('echo', -1/0)
        redis.call('echo', -0.0)
        redis.call('echo', -5)
        redis.call('echo', 1e-7)
        redis.call('echo', 0.30000000000000004)
        redis.call('echo', '5' + 0)
        redis.call('incrby', 'n', 41)
        redis.call('incrby', 'n', 1.5)
        redis.call('incrbyfloat', 'n', 1.5)
        redis.call('zadd', 'z', 0.1, 'm')
        redis.call('zscore', 'z', 'm')
        redis.call('zscore', 'z', 'm') + 1
      `)}
    `,
  },
  {
    name: 'how redis.call is called',
    lines: returns(lua`
      redis.call()
      redis.pcall()
      redis.call('nosuch')
      redis.pcall('nosuch')
      redis.call('nosuch', 'a', 'b')
      redis.call('get')
      redis.call('get', 'a', 'b')
      redis.pcall('get')
      redis.call('GET', 'k')
      redis.call('GeT', 'k')
      redis.call('get', nil)
      redis.call('get', true)
      redis.call('get', {})
      redis.pcall('get', {})
      redis.call('get', function() end)
      redis.call({})
      redis.call(1)
      redis.call('')
      redis.call('config nosuch')
      redis.call('config', 'nosuch')
      redis.call('object', 'nosuch', 'k')
      redis.call('object')
      redis.call('object|encoding', 'k')
      redis.call('multi')
      redis.call('exec')
      redis.call('discard')
      redis.call('watch', 'k')
      redis.call('unwatch')
      redis.call('eval', 'return 1', 0)
      redis.call('evalsha', 'x', 0)
      redis.call('script', 'load', 'return 1')
      redis.call('script', 'flush')
      redis.call('subscribe', 'c')
      redis.call('monitor')
      redis.call('auth', 'x')
      redis.call('client', 'id')
      redis.call('client', 'getname')
      redis.call('client', 'setname', 'x')
      redis.call('reset')
      redis.call('quit')
      redis.call('hello')
      redis.call('wait', 0, 0)
      redis.call('save')
      redis.call('shutdown')
      redis.call('function', 'list')
      redis.call('function', 'flush')
      redis.call('fcall', 'f', 0)
      redis.call('cluster', 'myid')
      redis.call('cluster', 'keyslot', 'k')
      redis.call('readonly')
      redis.call('asking')
      redis.call('psync', '?', '-1')
      redis.call('brpop', 'none', 0)
      redis.call('brpoplpush', 'none', 'none2{none}', 0)
      redis.call('publish', 'c', 'm')
      redis.call('spublish', 'c', 'm')
      redis.call('select', 0)
      redis.call('select', 1)
      redis.call('dbsize')
      redis.call('swapdb', 0, 0)
      redis.call('randomkey')
      redis.call('keys', '*')
      redis.call('scan', '0')
      redis.call('info', 'nosuch')
      redis.call('slowlog', 'len') >= 0
      redis.call('acl', 'whoami')
      redis.call('acl', 'setuser', 'x')
      redis.call('debug', 'sleep', '0')
      redis.call('lolwut', 'version', '1') ~= nil
      redis.call('flushall')
      redis.call('migrate', '127.0.0.1', '1', 'none', '0', '10')
    `),
  },
  {
    name: 'errors of scripts',
    lines: `
      SET s text
      ${runs(lua`
        return
        retrun 1
        return 1 1
        local a =
        for i = 1 do end
        if true then
        x = {
        return 'unfinished
        return [[unfinished
        goto out
        local 1
        return 5 // 2
        return 1 & 2
        return a.b.c.
        break
        return ...
        return #{...}
        error('text')
        error('text', 0)
        error('text', 1)
        error('text', 2)
        error()
        error(nil)
        error(5)
        error(true)
        error({err='ERR my own'})
        error({err='MY own'})
        error({err='my own', extra=1})
        error({err=5})
        error(redis.error_reply('MY own'))
        error(redis.error_reply('my own'))
        \nerror('third line')\n
        \n\n\nlocal x = nil\nreturn x.y
        local x = nil return x.y
        local x = nil return x.y.z
        local x = {} return x.y.z
        local x = {} x.y.z = 1
        local x = 5 return x.y
        local x = 5 x.y = 1
        local x = 'text' return x.y
        local x = 'text' return x.y.z
        local x = nil x()
        local x = {} x.nosuch()
        local x = {} x:nosuch()
        ('x'):nosuch()
        return nil + 1
        return {} + 1
        return 'x' + 1
        return 1 .. nil
        return 1 .. {}
        return #nil
        return #5
        return -{}
        return {} < {}
        return 1 < 'x'
        return nil < 1
        return {} < 1
        for i = 'x', 2 do end
        for i = 1, 'x' do end
        for i = 1, 2, {} do end
        local t = {} t[nil] = 1
        local t = {} t[0/0] = 1
        for k in 5 do end
        string.rep()
        string.rep('x')
        string.rep({}, 2)
        string.sub()
        ('x').rep('x', {})
        ipairs()
        pairs(nil)
        setmetatable(1, {})
        setmetatable({}, 1)
        select(0)
        select(-5, 1)
        select('x')
        unpack()
        unpack(1)
        return #{unpack({}, 1, 7999)}
        return #{unpack({}, 1, 1e7)}
        table.concat({1,{},3})
        table.concat({1,nil,3}, ',', 1, 3)
        table.insert({}, 1, 2, 3)
        table.insert({})
        table.insert(nil, 1)
        table.sort({3,'x',1})
        table.sort({1,2,3}, function() error('in sort') end)
        assert(false)
        assert(nil, 'my text')
        assert(false, {err='MY own'})
        assert()
        return assert(1, 2)
        loadstring('return x y')()
        return {loadstring('return x y')}
        return {pcall(error)}
        return {pcall(error, 'x')}
        return {pcall(error, 'x', 0)}
        return {pcall(error, {err='MY own'})}
        return {pcall(function() error('inner') end)}
        return {pcall(function() local x = nil return x.y end)}
        return {pcall(redis.call, 'nosuch')}
        return {pcall(redis.call, 'get')}
        return {pcall(redis.call, 'lpush', 's', 'v')}
        return {xpcall(function() error('inner') end, function(e) return 'handled: ' .. e end)}
        return {xpcall(function() error('inner') end, function(e) error('again') end)}
        return {pcall()}
        local function f() return f() + 1 end return f()
        local function f(n) if n == 0 then error('deep') end return f(n - 1) end f(10)
        local function f(n) if n == 0 then error('deep') end f(n - 1) end f(10)
        redis.call('lpush', 's', 'v')
        return redis.pcall('lpush', 's', 'v')
        return redis.pcall('lpush', 's', 'v').err
        return redis.pcall('nosuch').err
        local e = redis.pcall('lpush', 's', 'v') return {e.err, e.source, e.line, e.ignore_error_stats_update}
        local e = redis.pcall('nosuch') local n = 0 for k in pairs(e) do n = n + 1 end return n
        \nlocal e = redis.pcall('lpush', 's', 'v') error(e)
        \nlocal ok, e = pcall(redis.call, 'lpush', 's', 'v') return {tostring(ok), type(e), e.err, e.source, e.line}
        \nlocal ok, e = pcall(redis.call, 'lpush', 's', 'v') error(e)
        \nlocal ok, e = pcall(redis.call, 'lpush', 's', 'v') return e
        \nredis.call('set', 's')
        \n\nredis.call('incr', 's')
        redis.call('zadd', 's', 'x', 'm')
        redis.call('config', 'set', 'nosuch', '1')
        return {err='ERR own', source='mine', line='7'}
        return {1, redis.pcall('incr', 's'), 3}
      `)}
      GET s
    `,
  },
  {
    name: 'the redis table',
    lines: `
      ${runs(lua`
        return redis.error_reply('MY text')
        return redis.error_reply('text')
        return redis.error_reply('-MY text')
        return redis.error_reply('-text')
        return redis.error_reply('')
        return redis.error_reply('ERR ')
        return redis.error_reply('two\r\nlines here')
        return redis.error_reply('UPPER')
        return redis.error_reply('trailing ')
        return redis.error_reply()
        return redis.error_reply('a', 'b')
        return redis.error_reply(5)
        return redis.error_reply({})
        return redis.error_reply('x').err
        return redis.status_reply('fine')
        return redis.status_reply('')
        return redis.status_reply('two\r\nlines')
        return redis.status_reply()
        return redis.status_reply(5)
        return redis.status_reply('x').ok
        return redis.status_reply({})
        return redis.sha1hex('')
        return redis.sha1hex('abc')
        return redis.sha1hex('\0\255')
        return redis.sha1hex(5)
        return redis.sha1hex()
        return redis.sha1hex('a', 'b')
        return redis.sha1hex({})
        return redis.log(redis.LOG_DEBUG, 'text')
        return redis.log(redis.LOG_DEBUG, 'text', 'more', 5)
        return redis.log()
        return redis.log(redis.LOG_DEBUG)
        return redis.log('x', 'text')
        return redis.log(7, 'text')
        return redis.log(-1, 'text')
        return {redis.LOG_DEBUG, redis.LOG_VERBOSE, redis.LOG_NOTICE, redis.LOG_WARNING}
        return {redis.REPL_NONE, redis.REPL_SLAVE, redis.REPL_REPLICA, redis.REPL_AOF, redis.REPL_ALL}
        return redis.set_repl(redis.REPL_ALL)
        return redis.set_repl(redis.REPL_NONE)
        return redis.set_repl()
        return redis.set_repl(9)
        return redis.set_repl('x')
        return redis.set_repl(1, 2)
        return redis.replicate_commands()
        return redis.breakpoint()
        return redis.debug('x')
        return redis.REDIS_VERSION
        return redis.REDIS_VERSION_NUM
        return redis.acl_check_cmd('get', 'k')
        return redis.acl_check_cmd('nosuch')
        return redis.acl_check_cmd()
        return redis.acl_check_cmd('get', {})
        return redis.acl_check_cmd('config', 'nosuch')
        return redis.register_function
        redis.register_function('f', function() end)
        return redis.nosuch
        redis.nosuch()
        redis.x = 1
        redis.call = 1
        redis = 1
        rawset(redis, 'x', 1)
        setmetatable(redis, {})
        return getmetatable(redis)
        local names = {} for k in pairs(redis) do table.insert(names, k) end table.sort(names) return names
        return server
      `)}
    `,
  },
  {
    name: 'the sandbox',
    lines: `
      ${runs(lua`
        x = 1
        function f() end
        return x
        return nosuch
        return _G.nosuch
        _G.x = 1
        _G['x'] = 1
        rawset(_G, 'x', 1)
        return rawget(_G, 'x')
        local x = 1 return x
        local function f() y = 1 end f()
        local function f() return y end f()
        return print
        return dofile
        return loadfile
        return require
        return module
        return package
        return io
        return os.time
        return os.exit
        return os.getenv
        return type(os.clock)
        return os.clock() >= 0
        os.x = 1
        return debug
        return getfenv
        return setfenv
        return newproxy
        return collectgarbage('count') > 0
        return type(collectgarbage)
        return gcinfo
        return _VERSION
        _VERSION = 1
        return type(load)
        return load(function() return nil end)
        return loadstring('return 1 + 1')()
        return loadstring('x = 1')()
        return loadstring('\27Lua')
        return {loadstring('\27Lua')}
        return string.dump
        return type(string.dump)
        string.x = 1
        math.pi = 3
        table.insert = 1
        cjson.x = 1
        cmsgpack.pack = 1
        bit.bor = 1
        struct.pack = 1
        coroutine.x = 1
        KEYS.x = 1 return KEYS.x
        getmetatable('').__index = 1
        getmetatable('').x = 1
        return type(getmetatable(''))
        return getmetatable('').__index == string
        setmetatable(_G, {})
        setmetatable(_G, nil)
        return getmetatable(_G) ~= nil
        getmetatable(_G).__index = nil
        getmetatable(_G).x = 1
        setmetatable(string, {})
        local t = setmetatable({}, {__index=_G}) return type(t.string)
        local t = {} for k in pairs(_G) do table.insert(t, k) end table.sort(t) return t
        local t = {} for k in pairs(string) do table.insert(t, k) end table.sort(t) return t
        local t = {} for k in pairs(table) do table.insert(t, k) end table.sort(t) return t
        local t = {} for k in pairs(math) do table.insert(t, k) end table.sort(t) return t
        local t = {} for k in pairs(os) do table.insert(t, k) end table.sort(t) return t
        local t = {} for k in pairs(coroutine) do table.insert(t, k) end table.sort(t) return t
        local t = {} for k in pairs(cjson) do table.insert(t, k) end table.sort(t) return t
        local t = {} for k in pairs(cmsgpack) do table.insert(t, k) end table.sort(t) return t
        local t = {} for k in pairs(struct) do table.insert(t, k) end table.sort(t) return t
        local t = {} for k in pairs(bit) do table.insert(t, k) end table.sort(t) return t
        return next(redis) ~= nil
        return next(_G) ~= nil
        table.insert(string, 1)
        table.remove(redis, 1)
        table.sort(math)
        return #string
        rawset(string, 'x', 1)
        rawset(math, 'pi', 3)
        return rawget(math, 'pi') > 3
        return rawequal(_G, _G)
        return type(math.random())
        math.randomseed(1) return {math.random(1000), math.random(1000), math.random(1000)}
        math.randomseed(42) local a = math.random(1e6) math.randomseed(42) return a == math.random(1e6)
        return {math.random(1000), math.random(1000)}
        return math.random(0)
        return math.random(5, 1)
        return math.random(1, 1)
        return string.format('%.14g', math.random())
        local c = coroutine.create(function(a) local b = coroutine.yield(a + 1) return b * 2 end) return {coroutine.resume(c, 1), coroutine.resume(c, 5), coroutine.status(c)}
        local f = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) return {f(), f(), f()}
        local c = coroutine.create(function() error('inside') end) return {coroutine.resume(c)}
        local c = coroutine.create(function() return redis.call('ping') end) return {coroutine.resume(c)}
        coroutine.yield()
        coroutine.yield(1)
        return coroutine.running()
        return select('#', 1, nil, nil)
        return {select(2, 'a', 'b', 'c')}
        return {select(-1, 'a', 'b', 'c')}
        return {unpack({1, 2, 3}, 2)}
        return table.concat({1, 2, 3}, ', ')
        local t = {5, 3, 8} table.sort(t) return t
        local t = {5, 3, 8} table.sort(t, function(a, b) return a > b end) return t
        local t = {1, 2, 3} return {table.remove(t), table.remove(t, 1), #t}
        local t = {} table.insert(t, 'a') table.insert(t, 1, 'b') return t
        return table.getn({1, 2})
        return table.maxn({1, nil, 3})
        table.foreach({1}, function() end)
        table.setn({}, 1)
        return {string.find('hello world', 'o w')}
        return {string.find('a.b', '.', 1, true)}
        return {string.match('key=value', '(%w+)=(%w+)')}
        return {string.gsub('hello', 'l', 'L')}
        return {string.gsub('hello', '.', {h='H', l=false})}
        return {string.gsub('hello', '.', function(c) if c == 'l' then return 'LL' end end)}
        return {string.gsub('abc', '%w', '%0%0')}
        return {string.gsub('abc', '%w', '%1')}
        return {string.gsub('abc', '(', '')}
        return {string.gsub('abc', '%', '')}
        return {string.gsub('abc', '[a', '')}
        return {string.gsub('abc', 'b', '%2')}
        local t = {} for w in string.gmatch('one two', '%a+') do table.insert(t, w) end return t
        return string.rep('ab', 3)
        return string.rep('ab', -1)
        return ('x'):rep(3)
        return string.reverse('abc')
        return string.upper('abc\228') .. string.lower('ABC')
        return {string.byte('abc', 2, 3)}
        return string.char(0, 128, 255)
        return string.char(256)
        return string.char(-1)
        return string.sub('hello', -3)
        return string.sub('hello', 2, -2)
        return string.len('a\0b')
        return #'a\0b'
        return '\65\066\x41'
        return '\300'
        return [[long
        return tostring(print)
        return type(nil)
        return type()
        return rawget()
        return 'a\0b' == 'a\0c'
        return 'a\0b' < 'a\0c'
        return not nil
        return nil and 1
        return false or 'x'
      `)}
    `,
  },
  {
    name: 'the script cache',
    lines: `
      SCRIPT
      SCRIPT LOAD
      SCRIPT LOAD "return 1"
      SCRIPT LOAD "return 1"
      SCRIPT LOAD "return 1" x
      SCRIPT LOAD ""
      SCRIPT LOAD "return x y"
      SCRIPT LOAD "\\n\\n  this is not Lua"
      SCRIPT LOAD "return '\\x00\\xff'"
      EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0
      SCRIPT EXISTS
      SCRIPT EXISTS e0e1f9fabfc9d4800c877a703b823ac0578ff8db
      SCRIPT EXISTS e0e1f9fabfc9d4800c877a703b823ac0578ff8db nosuch 0000000000000000000000000000000000000000
      SCRIPT EXISTS E0E1F9FABFC9D4800C877A703B823AC0578FF8DB
      script exists e0e1f9fabfc9d4800c877a703b823ac0578ff8db
      SCRIPT FLUSH
      SCRIPT EXISTS e0e1f9fabfc9d4800c877a703b823ac0578ff8db
      EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0
      EVAL "return 1" 0
      SCRIPT EXISTS e0e1f9fabfc9d4800c877a703b823ac0578ff8db
      SCRIPT FLUSH ASYNC
      SCRIPT EXISTS e0e1f9fabfc9d4800c877a703b823ac0578ff8db
      SCRIPT LOAD "return 1"
      SCRIPT FLUSH sync
      SCRIPT EXISTS e0e1f9fabfc9d4800c877a703b823ac0578ff8db
      SCRIPT FLUSH NOSUCH
      SCRIPT FLUSH SYNC ASYNC
      SCRIPT KILL
      SCRIPT KILL x
      SCRIPT DEBUG
      SCRIPT DEBUG NO
      SCRIPT DEBUG x
      SCRIPT DEBUG YES x
      SCRIPT NOSUCH
      SCRIPT HELP
      SCRIPT HELP x
      EVAL "return x y" 0
      SCRIPT EXISTS 5332031c6b470dc5a0dd9b4bf2030dea6d65de91
      EVAL_RO "return 5" 0
      SCRIPT EXISTS 4ca238f611c9d0ae4e9a75a5dbac22aedc1e44b8
      SCRIPT LOAD "return redis.call('set', KEYS[1], ARGV[1])"
      EVALSHA_RO d8f2fad9f8e86a53d2a6ebd960b33c4972cacc37 1 k v
      EVALSHA d8f2fad9f8e86a53d2a6ebd960b33c4972cacc37 1 k v
      FLUSHALL
      EVALSHA d8f2fad9f8e86a53d2a6ebd960b33c4972cacc37 1 k v
    `,
  },
  {
    name: 'read-only scripts',
    lines: `
      SET k v
      EVAL_RO "return redis.call('get', KEYS[1])" 1 k
      EVAL_RO "return redis.call('set', KEYS[1], 'x')" 1 k
      EVAL_RO "return redis.pcall('set', KEYS[1], 'x')" 1 k
      EVAL_RO "return redis.call('del', 'none')" 0
      EVAL_RO "return redis.call('publish', 'c', 'm')" 0
      EVAL_RO "return redis.call('spublish', 'c', 'm')" 0
      EVAL_RO "return redis.call('pfcount', 'none')" 0
      EVAL_RO "return redis.call('pfadd', 'none', 'x')" 0
      EVAL_RO "return redis.call('sort', 'none')" 0
      EVAL_RO "return redis.call('sort_ro', 'none')" 0
      EVAL_RO "return redis.call('getex', 'k')" 0
      EVAL_RO "return redis.call('ping')" 0
      EVAL_RO "return redis.call('flushall')" 0
      EVAL_RO "redis.set_repl(redis.REPL_ALL)" 0
      EVAL_RO "return redis.replicate_commands()" 0
      EVAL_RO "#!lua\\nreturn redis.call('get', KEYS[1])" 1 k
      EVAL_RO "#!lua flags=no-writes\\nreturn redis.call('get', KEYS[1])" 1 k
      EVAL_RO "#!lua flags=no-writes\\nreturn redis.call('set', KEYS[1], 'x')" 1 k
      GET k
    `,
  },
  {
    name: 'scripts with a first line of flags',
    lines: `
      EVAL "#!lua\\nreturn 1" 0
      EVAL "#!lua \\nreturn 1" 0
      EVAL "#!lua\\r\\nreturn 1" 0
      EVAL "#!lua" 0
      EVAL "#!lua return 1" 0
      EVAL "#!lua\\n" 0
      EVAL "#!LUA\\nreturn 1" 0
      EVAL "#!\\nreturn 1" 0
      EVAL "#! lua\\nreturn 1" 0
      EVAL "#!python\\nreturn 1" 0
      EVAL "#!/usr/bin/lua\\nreturn 1" 0
      EVAL "# comment\\nreturn 1" 0
      EVAL " #!lua\\nreturn 1" 0
      EVAL "#!lua flags=\\nreturn 1" 0
      EVAL "#!lua flags=no-writes\\nreturn 1" 0
      EVAL "#!lua flags=no-writes,allow-stale\\nreturn 1" 0
      EVAL "#!lua flags=no-writes, allow-stale\\nreturn 1" 0
      EVAL "#!lua flags=,\\nreturn 1" 0
      EVAL "#!lua flags=no-writes,\\nreturn 1" 0
      EVAL "#!lua flags=nosuch\\nreturn 1" 0
      EVAL "#!lua flags=NO-WRITES\\nreturn 1" 0
      EVAL "#!lua FLAGS=no-writes\\nreturn 1" 0
      EVAL "#!lua name=x\\nreturn 1" 0
      EVAL "#!lua nosuch\\nreturn 1" 0
      EVAL "#!lua flags=no-writes flags=allow-oom\\nreturn 1" 0
      EVAL "#!lua flags=no-writes nosuch=1\\nreturn 1" 0
      EVAL "#!lua 'flags=no-writes'\\nreturn 1" 0
      EVAL "#!lua flags='no-writes'\\nreturn 1" 0
      EVAL "#!lua flags=\\"no-writes\\nreturn 1" 0
      EVAL "#!lua flags=no-cluster\\nreturn 1" 0
      EVAL "#!lua flags=allow-oom,allow-stale,allow-cross-slot-keys\\nreturn 1" 0
      EVAL "#!lua flags=no-writes\\nreturn redis.call('set', 'k', 'v')" 0
      EVAL "#!lua\\nreturn redis.call('set', 'k', 'v')" 0
      EVAL "#!lua\\nreturn redis.call('set', KEYS[1], 'v')" 1 k
      EVAL "#!lua\\nerror('where')" 0
      EVAL "#!lua\\n\\nerror('where')" 0
      EVAL "#!lua\\nreturn x y" 0
      EVAL "return {redis.call('set', 'a', 1), redis.call('set', 'b', 2)}" 0
      EVAL "#!lua\\nreturn {redis.call('set', 'a', 1), redis.call('set', 'b', 2)}" 0
      EVAL "#!lua flags=allow-cross-slot-keys\\nreturn {redis.call('set', 'a', 1), redis.call('set', 'b', 2)}" 0
      EVAL "#!lua\\nreturn redis.call('get', 'b')" 1 a
      EVAL "return redis.call('get', 'b')" 1 a
      EVAL "#!lua\\nreturn redis.call('mget', 'a', 'b')" 0
      EVAL "return redis.call('mget', 'a', 'b')" 0
      EVAL "#!lua flags=allow-cross-slot-keys\\nreturn redis.call('mget', 'a', 'b')" 0
      EVAL "return 1" 2 a b
      EVAL "#!lua flags=allow-cross-slot-keys\\nreturn 1" 2 a b
      SCRIPT LOAD "#!lua flags=nosuch\\nreturn 1"
      SCRIPT LOAD "#!lua flags=no-writes\\nreturn 7"
      EVALSHA_RO 7ea3a7e0f4c1b2d4f2b9 0
    `,
  },
  {
    name: 'scripts and transactions',
    lines: `
      MULTI
      EVAL "return redis.call('incr', KEYS[1])" 1 k
      EVAL "return x y" 0
      EVAL "return redis.call('incr', KEYS[1])" 1 k
      EVALSHA nosuch 0
      SCRIPT LOAD "return 1"
      EVAL "return redis.call('blpop', 'none', 0)" 0
      EXEC
      GET k
      MULTI
      EVAL "return 1"
      EVAL "return 1" 1
      EXEC
      MULTI
      SET k v
      EVAL "return redis.call('get', KEYS[1])" 1 k
      EVAL "return redis.call('incr', KEYS[1])" 1 k
      SET k after
      EXEC
      WATCH k
      EVAL "return redis.call('set', KEYS[1], 'changed')" 1 k
      MULTI
      PING
      EXEC
      WATCH k
      @0b EVAL "return redis.call('get', KEYS[1])" 1 k
      MULTI
      PING
      EXEC
      WATCH k
      @0b EVAL "return redis.call('set', KEYS[1], 'by another')" 1 k
      MULTI
      PING
      EXEC
    `,
  },
  {
    name: 'scripts and users',
    lines: `
      ACL SETUSER bob on nopass ~k* &c +@all -@dangerous -set -hget
      SET k1 v
      @0b AUTH bob x
      @0b EVAL "return redis.call('get', KEYS[1])" 1 k1
      @0b EVAL "return redis.call('get', KEYS[1])" 1 other
      @0b EVAL "return redis.call('get', 'other')" 0
      @0b EVAL "return redis.pcall('get', 'other')" 0
      @0b EVAL "return redis.call('set', KEYS[1], 'v')" 1 k1
      @0b EVAL "return redis.pcall('set', KEYS[1], 'v')" 1 k1
      @0b EVAL "return redis.call('flushall')" 0
      @0b EVAL "return redis.call('publish', 'c', 'm')" 0
      @0b EVAL "return redis.call('publish', 'd', 'm')" 0
      @0b EVAL "return redis.call('acl', 'whoami')" 0
      @0b EVAL "return redis.acl_check_cmd('set', 'k1', 'v')" 0
      @0b EVAL "return redis.acl_check_cmd('get', 'k1')" 0
      @0b EVAL "return redis.acl_check_cmd('get', 'other')" 0
      @0b EVAL "return redis.acl_check_cmd('hget', 'k', 'f')" 0
      @0b EVAL "return redis.acl_check_cmd('publish', 'd', 'm')" 0
      @0b EVAL "return redis.acl_check_cmd('config', 'get', 'x')" 0
      @0b SCRIPT FLUSH
      @0b SCRIPT LOAD "return 1"
      @0b FUNCTION LIST
      @0b FUNCTION FLUSH
      @0 ACL LOG
      @0 ACL LOG RESET
      @0 ACL SETUSER tim on nopass allkeys +get
      @0c AUTH tim x
      @0c EVAL "return 1" 0
      @0c SCRIPT EXISTS x
      @0c FCALL f 0
      @0 ACL SETUSER tim +@scripting
      @0c EVAL "return 1" 0
      @0c EVAL "return redis.call('get', 'k')" 0
      @0c EVAL "return redis.call('incr', 'k')" 0
      @0c EVAL "return redis.call('ping')" 0
      @0 ACL LOG RESET
    `,
  },
  {
    name: 'scripts without memory',
    lines: `
      SET k v
      CONFIG SET maxmemory 1
      EVAL "return 1" 0
      EVAL "return redis.call('get', KEYS[1])" 1 k
      EVAL "return redis.call('set', KEYS[1], 'x')" 1 k
      EVAL "return redis.pcall('set', KEYS[1], 'x')" 1 k
      EVAL "redis.call('del', KEYS[1]) return redis.call('set', KEYS[1], 'x')" 1 k
      EVAL "#!lua\\nreturn 1" 0
      EVAL "#!lua flags=no-writes\\nreturn 1" 0
      EVAL "#!lua flags=allow-oom\\nreturn redis.call('set', KEYS[1], 'y')" 1 k
      EVAL_RO "return 1" 0
      EVAL_RO "return redis.call('get', KEYS[1])" 1 k
      EVAL "return redis.call('echo', 'x')" 0
      SCRIPT LOAD "return 1"
      FUNCTION LOAD "#!lua name=l\\nredis.register_function('f', function() return 1 end)"
      CONFIG SET maxmemory 0
      GET k
    `,
  },
  {
    name: 'what a script did not do is not undone',
    lines: `
      EVAL "redis.call('set', 'a', '1') redis.call('nosuch') redis.call('set', 'b', '1')" 0
      MGET a
      GET b
      EVAL "redis.call('set', 'a', '2') error('stop')" 0
      GET a
      EVAL "redis.call('set', 'a', '3') local x = nil return x.y" 0
      GET a
      EVAL "redis.call('set', 'a', '4') return redis.error_reply('MY own')" 0
      GET a
      EVAL "return redis.call('set', 'a', 'x', 'ex', '100')" 0
      PERSIST a
      EVAL "return redis.call('pexpire', 'a', '-1')" 0
      GET a
      EVAL "local n = 0 for i = 1, 1000 do n = redis.call('incr', 'n') end return n" 0
      EVAL "for i = 1, 100 do redis.call('rpush', 'l', i) end return redis.call('lrange', 'l', -3, -1)" 0
      EVAL "local t = {} for i = 1, 100 do t[i] = i end return redis.call('rpush', 'l2', unpack(t))" 0
      LLEN l2
      EVAL "return {#ARGV, ARGV[#ARGV]}" 0 ${Array.from({ length: 300 }, (_, i) => `a${i}`).join(' ')}
    `,
  },
  {
    name: 'clients that wait for what a script pushes',
    lines: `
      @0b !send BLPOP l 0
      !blocked 1
      EVAL "redis.call('rpush', KEYS[1], 'a') return redis.call('llen', KEYS[1])" 1 l
      @0b !hears 1
      EXISTS l
      @0b !send BLPOP l 0
      !blocked 1
      EVAL "redis.call('rpush', KEYS[1], 'a') redis.call('del', KEYS[1]) return 1" 1 l
      EVAL "return redis.call('lpush', KEYS[1], 'a', 'b', 'c')" 1 l
      @0b !hears 1
      LRANGE l 0 -1
    `,
  },
  {
    name: 'time goes on for TIME alone',
    lines: `
      EVAL "local function now() local t = redis.call('time') return t[1] * 1e6 + t[2] end local start = now() repeat until now() > start + 60000 return 'over'" 0
      EVAL "local function now() local t = redis.call('time') return t[1] * 1e6 + t[2] end redis.call('set', KEYS[1], 'v', 'px', '1') local start = now() repeat until now() > start + 5000 return redis.call('get', KEYS[1])" 1 k
      EXISTS k
    `,
  },
  {
    name: 'messages and MONITOR',
    lines: `
      @0b SUBSCRIBE c
      EVAL "return redis.call('publish', 'c', 'from a script')" 0
      @0b !heard
      @0c MONITOR
      EVAL "redis.call('set', KEYS[1], ARGV[1]) return redis.call('get', KEYS[1])" 1 k v
      EVAL "return redis.pcall('nosuch')" 0
      EVAL "return 1" x
      EVALSHA nosuch 0
      MULTI
      EVAL "return redis.call('get', KEYS[1])" 1 k
      EXEC
      @0c !heard
    `,
  },
]
