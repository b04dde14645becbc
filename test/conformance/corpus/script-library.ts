/** What scripts ask of cjson, cmsgpack, struct and bit. */
import type { Scenario } from '../differential.ts'
import { returns, runs } from './lua-line.ts'

const lua = String.raw

export const scenarios: readonly Scenario[] = [
  {
    name: 'cjson.encode',
    lines: returns(lua`
      cjson.encode(nil)
      cjson.encode(true)
      cjson.encode(false)
      cjson.encode(cjson.null)
      cjson.encode(0)
      cjson.encode(-0)
      cjson.encode(1)
      cjson.encode(1.5)
      cjson.encode(0.1)
      cjson.encode(1/3)
      cjson.encode(1e14)
      cjson.encode(1e15)
      cjson.encode(123456789012345)
      cjson.encode(1234567890123456)
      cjson.encode(2^53)
      cjson.encode(1e100)
      cjson.encode(-1e-100)
      cjson.encode(1/0)
      cjson.encode(-1/0)
      cjson.encode(0/0)
      cjson.encode({1/0})
      cjson.encode('')
      cjson.encode('text')
      cjson.encode('"\\/')
      cjson.encode('\b\f\n\r\t\v\0')
      cjson.encode('\1\31\32\126\127\128\255')
      cjson.encode({})
      cjson.encode({{}})
      cjson.encode({1,2,3})
      cjson.encode({1,nil,3})
      cjson.encode({nil,2})
      cjson.encode({[3]='c'})
      cjson.encode({[10]='x'})
      cjson.encode({[11]='x'})
      cjson.encode({1,2,3,[12]=1})
      cjson.encode({1,[20]=1})
      cjson.encode({[1000]=1})
      cjson.encode({[0]=1})
      cjson.encode({[-1]=1})
      cjson.encode({[1.5]=1})
      cjson.encode({[1e20]=1})
      cjson.encode({1,2,a=3})
      cjson.encode({a=1})
      cjson.encode({a={b={c={}}}})
      cjson.encode({['"']='"'})
      cjson.encode({['\0']=1})
      cjson.encode({[true]=1})
      cjson.encode({[cjson.null]=1})
      cjson.encode({a=cjson.null})
      cjson.encode({cjson.null,cjson.null})
      cjson.encode(function() end)
      cjson.encode({function() end})
      cjson.encode(coroutine.create(function() end))
      cjson.encode()
      cjson.encode(1, 2)
      cjson.encode({a=1,b=2,c=3,d=4,e=5})
      cjson.encode({name='x',list={1,2},nested={k='v'}})
      cjson.encode(setmetatable({}, {__index={1,2}}))
      cjson.encode(KEYS)
      cjson.encode({['1']='a',['2']='b'})
      cjson.encode({[1]='a',['1']='b'})
    `),
  },
  {
    name: 'cjson.decode',
    lines: returns(lua`
      cjson.decode('null')
      cjson.decode('null') == cjson.null
      type(cjson.decode('null'))
      cjson.decode('true')
      cjson.decode('false')
      cjson.decode('1')
      cjson.decode('-1.5e3')
      cjson.decode('1E3')
      tostring(cjson.decode('0.1'))
      tostring(cjson.decode('12345678901234567890'))
      cjson.decode('"text"')
      cjson.decode('"\\u0041\\u00e9\\u20ac\\ud83d\\ude00"')
      cjson.decode('"\\ud83d"')
      cjson.decode('"\\ud83dx"')
      cjson.decode('"\\ude00"')
      cjson.decode('"\\u00"')
      cjson.decode('"\\u00zz"')
      #cjson.decode('"\\u0000"')
      cjson.decode('"\\b\\f\\n\\r\\t\\\\\\/\\""')
      cjson.decode('"\\x"')
      cjson.decode('"\127\128\255"')
      cjson.decode('"tab\tinside"')
      cjson.decode('"line\ninside"')
      cjson.decode('"zero\0inside"')
      cjson.decode('[]')
      cjson.decode('[1,2,3]')
      cjson.decode('[1,null,3]')
      cjson.decode(' [ 1 , "a" ,\n[ ] ,\t{ } ] ')
      cjson.decode('{}')
      cjson.decode('{"a":1}').a
      cjson.decode('{"1":"a"}')[1]
      cjson.decode('{"1":"a"}')['1']
      cjson.decode('{"a":{"b":[1,{"c":"deep"}]}}').a.b[2].c
      cjson.decode('{"a":1,"a":2}').a
      cjson.decode('{"":1}')['']
      cjson.encode(cjson.decode('{"a":[],"b":{},"c":null}'))
      cjson.decode('')
      cjson.decode(' ')
      cjson.decode('x')
      cjson.decode('nul')
      cjson.decode('nulls')
      cjson.decode('True')
      cjson.decode('[')
      cjson.decode('[1')
      cjson.decode('[1,')
      cjson.decode('[1,]')
      cjson.decode('[,1]')
      cjson.decode('[1 2]')
      cjson.decode('{')
      cjson.decode('{"a"')
      cjson.decode('{"a":')
      cjson.decode('{"a":1')
      cjson.decode('{"a":1,')
      cjson.decode('{"a":1,}')
      cjson.decode('{a:1}')
      cjson.decode('{1:1}')
      cjson.decode('{"a" 1}')
      cjson.decode('{"a":1 "b":2}')
      cjson.decode('"unfinished')
      cjson.decode('"unfinished\\')
      cjson.decode('1 2')
      cjson.decode('[1]x')
      cjson.decode('{}{}')
      cjson.decode('01')
      cjson.decode('-')
      cjson.decode('+1')
      cjson.decode('.5')
      cjson.decode('5.')
      cjson.decode('1e')
      cjson.decode('1e5000')
      cjson.decode('0x10')
      cjson.decode('-0x10')
      cjson.decode('nan')
      tostring(cjson.decode('NaN'))
      cjson.decode('inf')
      tostring(cjson.decode('Infinity'))
      tostring(cjson.decode('-Infinity'))
      cjson.decode('\255')
      cjson.decode('\0')
      cjson.decode('[1]\0')
      cjson.decode('"a\0b"')
      cjson.decode('1\0')
      cjson.decode("'a'")
      cjson.decode('/* */ 1')
      cjson.decode('\239\187\1911')
      cjson.decode(5)
      cjson.decode('5', 6)
      cjson.decode()
      cjson.decode(nil)
      cjson.decode({})
      cjson.decode(true)
      {pcall(cjson.decode, '[')}
      {pcall(cjson.encode, {[20]=1})}
      tostring(cjson.null)
      type(cjson.null)
      cjson._NAME
      cjson._VERSION
      cjson.new
      type(cjson.new)
    `),
  },
  {
    name: 'how deep cjson goes, and its settings',
    lines: runs(lua`
      local t = {} for i = 1, 998 do t = {t} end return #cjson.encode(t)
      local t = {} for i = 1, 999 do t = {t} end return #cjson.encode(t)
      local t = {} for i = 1, 1000 do t = {t} end return #cjson.encode(t)
      local t = {} for i = 1, 1001 do t = {t} end return #cjson.encode(t)
      local t = {} t[1] = t return cjson.encode(t)
      return #cjson.decode(string.rep('[', 999) .. string.rep(']', 999))
      return #cjson.decode(string.rep('[', 1000) .. string.rep(']', 1000))
      return #cjson.decode(string.rep('[', 1001) .. string.rep(']', 1001))
      cjson.decode(string.rep('{"a":', 1001) .. '1' .. string.rep('}', 1001))
      cjson.decode(string.rep('[', 500))
      return {cjson.encode_max_depth()}
      return {cjson.encode_max_depth(3), pcall(cjson.encode, {{{{}}}}), cjson.encode_max_depth(1000)}
      return cjson.encode_max_depth(0)
      return cjson.encode_max_depth('x')
      return cjson.encode_max_depth(1, 2)
      return {cjson.decode_max_depth()}
      return {cjson.decode_max_depth(2), pcall(cjson.decode, '[[[1]]]'), cjson.decode_max_depth(1000)}
      return {cjson.encode_sparse_array()}
      return {cjson.encode_sparse_array(true), cjson.encode({[20]=1}), cjson.encode_sparse_array(false)}
      return {cjson.encode_sparse_array(false, 0, 0), cjson.encode({[20]=1}) == nil}
      return {cjson.encode_sparse_array(false, 2, 10)}
      return {cjson.encode_sparse_array(false, 2, 10, 5)}
      return cjson.encode_sparse_array(1)
      return cjson.encode_sparse_array(true, -1)
      return cjson.encode_sparse_array(false, 2, 'x')
      return {cjson.encode_number_precision()}
      return {cjson.encode_number_precision(3), cjson.encode(math.pi), cjson.encode_number_precision(14)}
      return {cjson.encode_number_precision(16), cjson.encode(math.pi), cjson.encode_number_precision(14)}
      return cjson.encode_number_precision(17)
      return cjson.encode_number_precision(0)
      return cjson.encode_number_precision(15)
      return cjson.encode_number_precision(14)
      return {cjson.encode_keep_buffer()}
      return {cjson.encode_keep_buffer(false), cjson.encode({1}), cjson.encode_keep_buffer(true)}
      return {cjson.encode_keep_buffer('on')}
      return cjson.encode_keep_buffer('x')
      return {cjson.encode_invalid_numbers()}
      return {cjson.encode_invalid_numbers(true), cjson.encode({1/0, -1/0, 0/0}), cjson.encode_invalid_numbers(false)}
      return {cjson.encode_invalid_numbers('null'), cjson.encode({1/0, -1/0, 0/0}), cjson.encode_invalid_numbers('off')}
      return cjson.encode_invalid_numbers('x')
      return {cjson.decode_invalid_numbers()}
      return {cjson.decode_invalid_numbers(false), pcall(cjson.decode, '[NaN]'), cjson.decode_invalid_numbers(true)}
      return {cjson.decode_invalid_numbers(false), pcall(cjson.decode, '[0x10]'), cjson.decode_invalid_numbers(true)}
      return {cjson.decode_invalid_numbers(false), pcall(cjson.decode, '[inf]'), cjson.decode_invalid_numbers(true)}
      return {cjson.decode_invalid_numbers(false), pcall(cjson.decode, '[012]'), cjson.decode_invalid_numbers(true)}
      local c = cjson.new() c.encode_number_precision(3) return {c.encode(math.pi), cjson.encode(math.pi)}
      return cjson.nosuch
      return cjson.decode_array_with_array_mt
      return cjson.encode_empty_table_as_object
    `),
  },
  {
    name: 'cmsgpack',
    lines: runs(lua`
      return cmsgpack.pack(nil)
      return cmsgpack.pack(true)
      return cmsgpack.pack(false)
      return cmsgpack.pack(0)
      return cmsgpack.pack(127)
      return cmsgpack.pack(128)
      return cmsgpack.pack(255)
      return cmsgpack.pack(256)
      return cmsgpack.pack(65535)
      return cmsgpack.pack(65536)
      return cmsgpack.pack(4294967295)
      return cmsgpack.pack(4294967296)
      return cmsgpack.pack(2^53)
      return cmsgpack.pack(2^62)
      return cmsgpack.pack(2^63)
      return cmsgpack.pack(2^64)
      return cmsgpack.pack(-1)
      return cmsgpack.pack(-32)
      return cmsgpack.pack(-33)
      return cmsgpack.pack(-128)
      return cmsgpack.pack(-129)
      return cmsgpack.pack(-32768)
      return cmsgpack.pack(-32769)
      return cmsgpack.pack(-2147483648)
      return cmsgpack.pack(-2147483649)
      return cmsgpack.pack(-2^63)
      return cmsgpack.pack(-2^64)
      return cmsgpack.pack(1.5)
      return cmsgpack.pack(0.1)
      return cmsgpack.pack(1e300)
      return cmsgpack.pack(1e39)
      return cmsgpack.pack(1/0)
      return cmsgpack.pack(-1/0)
      return cmsgpack.pack(-0.0)
      return cmsgpack.pack('')
      return cmsgpack.pack('text')
      return cmsgpack.pack('\0\255')
      return cmsgpack.pack(string.rep('x', 31))
      return cmsgpack.pack(string.rep('x', 32))
      return cmsgpack.pack(string.rep('x', 255))
      return cmsgpack.pack(string.rep('x', 256))
      return #cmsgpack.pack(string.rep('x', 65535))
      return string.sub(cmsgpack.pack(string.rep('x', 65536)), 1, 6)
      return cmsgpack.pack({})
      return cmsgpack.pack({1,2,3})
      return cmsgpack.pack({1,nil,3})
      return cmsgpack.pack({nil,2})
      return cmsgpack.pack({[0]=1})
      return cmsgpack.pack({[1.5]=1})
      return cmsgpack.pack({[3]=1})
      return cmsgpack.pack({a=1})
      return cmsgpack.pack({1,2,a=3})
      return cmsgpack.pack({a={b={c={}}}})
      return cmsgpack.pack({[true]=false})
      return cmsgpack.pack({1,2,3,4,5,6,7,8,9,10,11,12,13,14,15})
      return cmsgpack.pack({1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16})
      local t = {} for i = 1, 20 do t['k' .. i] = i end return #cmsgpack.pack(t)
      local t = {} for i = 1, 70000 do t[i] = 1 end return string.sub(cmsgpack.pack(t), 1, 6)
      return cmsgpack.pack(function() end)
      return cmsgpack.pack(cjson.null)
      return cmsgpack.pack({function() end, cjson.null})
      return cmsgpack.pack()
      return cmsgpack.pack(1, 'a', {})
      local t = {} for i = 1, 14 do t = {t} end return cmsgpack.pack(t)
      local t = {} for i = 1, 15 do t = {t} end return cmsgpack.pack(t)
      local t = {} for i = 1, 16 do t = {t} end return cmsgpack.pack(t)
      local t = {} for i = 1, 20 do t = {a=t} end return cmsgpack.pack(t)
      local t = {} t[1] = t return cmsgpack.pack(t)
      return cmsgpack.unpack('\1')
      return {cmsgpack.unpack('\1\2\3')}
      return cmsgpack.unpack('\255')
      return cmsgpack.unpack('\224')
      return cmsgpack.unpack('\192')
      return cmsgpack.unpack('\193')
      return cmsgpack.unpack('\194')
      return cmsgpack.unpack('\195')
      return cmsgpack.unpack('\204\255')
      return cmsgpack.unpack('\205\1\0')
      return cmsgpack.unpack('\206\255\255\255\255')
      return tostring(cmsgpack.unpack('\207\255\255\255\255\255\255\255\255'))
      return tostring(cmsgpack.unpack('\207\0\0\0\1\0\0\0\0'))
      return cmsgpack.unpack('\208\128')
      return cmsgpack.unpack('\209\128\0')
      return cmsgpack.unpack('\210\128\0\0\0')
      return tostring(cmsgpack.unpack('\211\128\0\0\0\0\0\0\0'))
      return tostring(cmsgpack.unpack('\202\63\192\0\0'))
      return tostring(cmsgpack.unpack('\203\63\248\0\0\0\0\0\0'))
      return cmsgpack.unpack('\161x')
      return cmsgpack.unpack('\217\1x')
      return cmsgpack.unpack('\218\0\1x')
      return cmsgpack.unpack('\219\0\0\0\1x')
      return cmsgpack.unpack('\196\1x')
      return cmsgpack.unpack('\197\0\1x')
      return cmsgpack.unpack('\198\0\0\0\1x')
      return cmsgpack.unpack('\199\1\5x')
      return cmsgpack.unpack('\212\1x')
      return cmsgpack.unpack('\147\1\2\3')
      return cmsgpack.unpack('\220\0\2\1\2')
      return cmsgpack.unpack('\221\0\0\0\2\1\2')
      return cmsgpack.unpack('\129\161a\1').a
      return cmsgpack.unpack('\222\0\1\161a\1').a
      return cmsgpack.unpack('\223\0\0\0\1\161a\1').a
      return cmsgpack.unpack('\129\192\1')
      return cmsgpack.unpack('')
      return {cmsgpack.unpack('')}
      return cmsgpack.unpack('\161')
      return cmsgpack.unpack('\205\1')
      return cmsgpack.unpack('\147\1\2')
      return cmsgpack.unpack('\129\161a')
      return cmsgpack.unpack('\219\255\255\255\255x')
      return cmsgpack.unpack('\221\255\255\255\255')
      return cmsgpack.unpack(string.rep('\145', 100) .. '\1')
      return cmsgpack.unpack(5)
      return cmsgpack.unpack(nil)
      return cmsgpack.unpack()
      return cmsgpack.unpack({})
      return {cmsgpack.unpack_one('\1\2\3')}
      return {cmsgpack.unpack_one('\1\2\3', 1)}
      return {cmsgpack.unpack_one('\1\2\3', 2)}
      return {cmsgpack.unpack_one('\1\2\3', 3)}
      return {cmsgpack.unpack_one('\1\2\3', 4)}
      return {cmsgpack.unpack_one('\1\2\3', -1)}
      return {cmsgpack.unpack_one('')}
      return {cmsgpack.unpack_limit('\1\2\3', 2)}
      return {cmsgpack.unpack_limit('\1\2\3', 2, 1)}
      return {cmsgpack.unpack_limit('\1\2\3', 2, 2)}
      return {cmsgpack.unpack_limit('\1\2\3', 0)}
      return {cmsgpack.unpack_limit('\1\2\3', -1)}
      return {cmsgpack.unpack_limit('\1\2\3')}
      return {cmsgpack.unpack_limit('\1\2\3', 1, 4)}
      return cjson.encode(cmsgpack.unpack(cmsgpack.pack({1,'a',{b={true,false}},1.5})))
      return cmsgpack._NAME
      return cmsgpack._VERSION
      return cmsgpack._COPYRIGHT ~= nil
      return cmsgpack._DESCRIPTION
      return cmsgpack.safe
    `),
  },
  {
    name: 'struct',
    lines: returns(lua`
      struct.pack('b', 1)
      struct.pack('b', 255)
      struct.pack('b', 256)
      struct.pack('b', -1)
      struct.pack('B', 200)
      struct.pack('h', 258)
      struct.pack('H', 65535)
      struct.pack('i', 1)
      struct.pack('I', 4294967295)
      struct.pack('l', 1)
      struct.pack('L', 2^53)
      struct.pack('l', -1)
      struct.pack('T', 1)
      struct.pack('i1', 5)
      struct.pack('i2', 5)
      struct.pack('i3', 5)
      struct.pack('i4', 5)
      struct.pack('i8', 5)
      struct.pack('i8', -5)
      struct.pack('I8', 2^63)
      struct.pack('I8', 1e30)
      struct.pack('i16', 5)
      struct.pack('i32', -5)
      struct.pack('i33', 5)
      struct.pack('i0', 5)
      struct.pack('>i4', 1)
      struct.pack('<i4', 1)
      struct.pack('=i4', 1)
      struct.pack('>i2<i2', 1, 1)
      struct.pack('f', 1.5)
      struct.pack('d', 1.5)
      struct.pack('n', 1.5)
      struct.pack('>d', 1.5)
      struct.pack('f', 1e300)
      struct.pack('s', 'text')
      struct.pack('s', 'te\0xt')
      struct.pack('c0', 'text')
      struct.pack('c3', 'text')
      struct.pack('c5', 'text')
      struct.pack('c', 'text')
      struct.pack('Bc0', 4, 'text')
      struct.pack('x')
      struct.pack('xxb', 1)
      struct.pack('b b', 1, 2)
      struct.pack('!bi', 1, 2)
      struct.pack('!4bi', 1, 2)
      struct.pack('!8bd', 1, 2)
      struct.pack('!3b', 1)
      struct.pack('!b!', 1)
      struct.pack('!2bi', 1, 2)
      struct.pack('!bl', 1, 2)
      struct.pack('!bi8', 1, 2)
      struct.pack('!bi3', 1, 2)
      struct.pack('>!4bhb', 1, 2, 3)
      struct.pack('b')
      struct.pack('b', 'x')
      struct.pack('b', '5')
      struct.pack('b', 1.9)
      struct.pack('b', -1.9)
      struct.pack('s', 5)
      struct.pack('s', {})
      struct.pack('y', 1)
      struct.pack('')
      struct.pack()
      struct.pack('i99999999999', 1)
      struct.unpack('b', '\255')
      struct.unpack('B', '\255')
      {struct.unpack('h', '\1\2')}
      {struct.unpack('>h', '\1\2')}
      {struct.unpack('i', '\255\255\255\255')}
      {struct.unpack('I', '\255\255\255\255')}
      {struct.unpack('l', '\255\255\255\255\255\255\255\255')}
      tostring(struct.unpack('L', '\255\255\255\255\255\255\255\255'))
      tostring(struct.unpack('I8', '\0\0\0\0\0\0\32\0'))
      {struct.unpack('i3', '\255\255\255')}
      {struct.unpack('i16', string.rep('\1', 16))}
      tostring(struct.unpack('d', struct.pack('d', 0.1)))
      tostring(struct.unpack('f', struct.pack('f', 0.1)))
      tostring(struct.unpack('>f', struct.pack('>f', 0.1)))
      {struct.unpack('s', 'text\0more')}
      {struct.unpack('s', 'text')}
      {struct.unpack('c3', 'text')}
      {struct.unpack('c0', 'text')}
      {struct.unpack('Bc0', '\3text')}
      {struct.unpack('Bc0', '\9text')}
      {struct.unpack('Bc0b', '\2te\7')}
      {struct.unpack('xb', '\1\2')}
      {struct.unpack('bb', '\1')}
      {struct.unpack('i', '\1\2\3')}
      {struct.unpack('b', '')}
      {struct.unpack('b', 'abc', 2)}
      {struct.unpack('b', 'abc', 3)}
      {struct.unpack('b', 'abc', 4)}
      {struct.unpack('b', 'abc', 0)}
      {struct.unpack('b', 'abc', -1)}
      {struct.unpack('b', 'abc', 'x')}
      {struct.unpack('', 'abc')}
      {struct.unpack('!bi', struct.pack('!bi', 1, 2))}
      {struct.unpack('b')}
      {struct.unpack('y', 'a')}
      {struct.unpack()}
      {struct.unpack('c2147483647', 'a')}
      {struct.unpack('c4294967295', 'a')}
      struct.size('b')
      struct.size('bhilLTfdn')
      struct.size('!bhildf')
      struct.size('c5')
      struct.size('c0')
      struct.size('s')
      struct.size('xx')
      struct.size('i3i16')
      struct.size('')
      struct.size('y')
      struct.size()
      struct.size('!4bi8')
      struct.nosuch
    `),
  },
  {
    name: 'bit',
    lines: returns(lua`
      bit.tobit(1)
      bit.tobit(0xffffffff)
      bit.tobit(0xffffffff + 1)
      bit.tobit(2^31)
      bit.tobit(-2^31 - 1)
      bit.tobit(2^40 + 1234)
      bit.tobit(2^53)
      bit.tobit(1e100)
      bit.tobit(1.5)
      bit.tobit(2.5)
      bit.tobit(-1.5)
      bit.tobit('12')
      bit.tobit('x')
      bit.tobit()
      bit.tobit({})
      bit.tobit(1/0)
      bit.tobit(0/0)
      bit.bnot(0)
      bit.bnot(-1)
      bit.bnot(0x12345678)
      bit.band(1)
      bit.band(0xff, 0x0f)
      bit.band(0x12345678, 0xff, 0x0f)
      bit.band()
      bit.bor(1, 2, 4)
      bit.bor(0x80000000)
      bit.bxor(0xff, 0x0f)
      bit.bxor(1, 2, 3)
      bit.lshift(1, 0)
      bit.lshift(1, 31)
      bit.lshift(1, 32)
      bit.lshift(1, 33)
      bit.lshift(1, -1)
      bit.lshift(1)
      bit.rshift(256, 8)
      bit.rshift(-256, 8)
      bit.arshift(256, 8)
      bit.arshift(-256, 8)
      bit.rol(0x12345678, 12)
      bit.ror(0x12345678, 12)
      bit.rol(1, 32)
      bit.bswap(0x12345678)
      bit.bswap(0x78563412)
      bit.tohex(1)
      bit.tohex(-1)
      bit.tohex(-1, 4)
      bit.tohex(0xabcdef)
      bit.tohex(0xabcdef, -8)
      bit.tohex(255, 2)
      bit.tohex(255, -2)
      bit.tohex(255, 0)
      bit.tohex(255, 100)
      bit.tohex(255, -100)
      bit.tohex(2^31)
      bit.tohex('x')
      bit.tohex(1, 'x')
      bit.tohex()
      bit.nosuch
    `),
  },
]
