/**
 * Random scripts about two things: what becomes of values on their way from Lua to a client, from a client to Lua, from a reply
 * to Lua, and through cjson, cmsgpack, struct and bit; and what Lua's own libraries make of them.
 */
import type { Bytes } from '../../../lib/base/bytes.ts'
import type { Random } from '../../../lib/base/random.ts'
import { standardCall } from './lua-library.ts'
import { luaValue, numberText, quoted, stringText, values } from './lua-value.ts'
import { choose, keyOf, oneIn, valueText } from './vocabulary.ts'

function evalOf(script: string, keys: readonly Bytes[] = [], args: readonly Bytes[] = []): Bytes[] {
  return ['EVAL', script, String(keys.length), ...keys, ...args]
}

const JSON_SCALARS = [
  ...['1', '-5', '0.5', '1e3', '-0', '1E+2', '0x1F', '-0X1.8p2', 'inf', '-Infinity', '012', '1.'],
  ...['.5', '+1', '1e', '00', '1e999', '-', '123456789012345678', 'true', 'false', 'null', 'nul'],
  ...['True', '', '"k"', '"a\\n"', '"\\u00e9"', '"\\ud83d\\ude00"', '"\\ud83d"', '"\\x"', '"\\/"'],
  ...['"\x01"', '"\xff"', '"\\u12"', '"\\udc00"', '"open'],
]

function jsonText(random: Random, depth = 0): string {
  if (depth > 3 || oneIn(random, 2)) return random.pick(JSON_SCALARS)
  const many = (make: (random: Random) => string) =>
    Array.from({ length: random.below(4) }, () => make(random)).join(
      random.pick([',', ',', ',', ' , ', ' ', ',,']),
    )
  return choose(random, [
    [2, (r) => `[${many((one) => jsonText(one, depth + 1))}${r.pick([']', ']', ']', '', '}'])}`],
    [
      2,
      (r) =>
        `{${many((one) => `"k${one.below(4)}"${one.pick([':', ':', ' : ', ''])}${jsonText(one, depth + 1)}`)}${r.pick(['}', '}', '}', '', ']'])}`,
    ],
  ])
}

function formatText(random: Random): string {
  const letters = [
    ...['b', 'B', 'h', 'H', 'l', 'L', 'T', 'i', 'I', 'f', 'd', 's', 'x', 'c', 'c0', '>', '<', '!'],
    ...[' ', '!4', '!8', 'i3', 'I5', 'i9', 'I16', 'c2', 'c5', '=', 'y', '!3', 'i33'],
  ]
  return quoted(Array.from({ length: random.below(5) }, () => random.pick(letters)).join(''))
}

const BIT_OPERATIONS = [
  ...['tobit', 'bnot', 'band', 'bor', 'bxor', 'lshift', 'rshift', 'arshift', 'rol', 'ror'],
  ...['bswap', 'tohex'],
]

/** Heads of MessagePack values, broken ones among them. */
const MESSAGE_HEADS = [
  ...[0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc7, 0xca, 0xcc, 0xcd, 0xce, 0xcf, 0xd0, 0xd1, 0xd2, 0xd3],
  ...[0xd4, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0x81, 0x82, 0x91, 0x92, 0xa1, 0xa2],
]

const libraryCalls: readonly ((random: Random) => string)[] = [
  (r) => `cjson.encode(${luaValue(r)})`,
  (r) => `cjson.encode(cjson.decode(${quoted(jsonText(r))}))`,
  (r) => `cjson.decode(${quoted(jsonText(r))})`,
  (r) => `cmsgpack.pack(${values(r, 3)})`,
  (r) => `{cmsgpack.unpack(cmsgpack.pack(${values(r, 3)}))}`,
  (r) => `{cmsgpack.unpack('\\${r.pick(MESSAGE_HEADS)}' .. ${stringText(r)} .. ${stringText(r)})}`,
  (r) => `{cmsgpack.unpack_limit(${stringText(r)}, ${r.below(6) - 1}, ${r.below(6) - 1})}`,
  (r) => `{cmsgpack.unpack_one(${stringText(r)}, ${r.below(6) - 1})}`,
  (r) => `struct.pack(${formatText(r)}${commaBefore(values(r, 4))})`,
  (r) => `{struct.unpack(${formatText(r)}, ${stringText(r)} .. ${stringText(r)})}`,
  (r) => `struct.size(${formatText(r)})`,
  (r) => {
    const format = formatText(r)
    const packed = Array.from({ length: 4 }, () => numberText(r)).join(',')
    return `{struct.unpack(${format}, struct.pack(${format}, ${packed}))}`
  },
  (r) => `bit.${r.pick(BIT_OPERATIONS)}(${values(r, 3)})`,
]

function commaBefore(text: string): string {
  return text === '' ? '' : `, ${text}`
}

/** Commands of keys that `FILL` has made; their replies are of every kind. */
const QUESTIONS: readonly (readonly string[])[] = [
  ['get', '{k}s'],
  ['get', '{k}none'],
  ['strlen', '{k}s'],
  ['exists', '{k}s', '{k}none'],
  ['lrange', '{k}l', '0', '-1'],
  ['lpop', '{k}none'],
  ['lpop', '{k}none', '2'],
  ['lpos', '{k}l', 'b', 'count', '0'],
  ['hgetall', '{k}h'],
  ['hmget', '{k}h', 'f', 'none'],
  ['hget', '{k}s', 'f'],
  ['smembers', '{k}set'],
  ['smismember', '{k}set', 'a', 'b'],
  ['zrange', '{k}z', '0', '-1', 'withscores'],
  ['zscore', '{k}z', 'a'],
  ['zmscore', '{k}z', 'a', 'none'],
  ['zrank', '{k}z', 'none'],
  ['xrange', '{k}x', '-', '+'],
  ['xread', 'streams', '{k}x', '0'],
  ['xinfo', 'groups', '{k}x'],
  ['type', '{k}s'],
  ['ping'],
  ['incr', '{k}s'],
  ['nosuch'],
  ['get'],
  ['lcs', '{k}s', '{k}s', 'idx'],
  ['geopos', '{k}z', 'none'],
  ['object', 'encoding', '{k}l'],
]

const FILL =
  "redis.call('set', '{k}s', 'text\\0\\255') redis.call('del', '{k}l', '{k}x') redis.call('rpush', '{k}l', 'a', 'b', '') " +
  "redis.call('hset', '{k}h', 'f', 'v') redis.call('sadd', '{k}set', 'a') redis.call('zadd', '{k}z', '1.5', 'a', '-inf', 'b') " +
  "redis.call('xadd', '{k}x', '5-1', 'f', 'v')"

function replyScript(random: Random): string {
  const question = random.pick(QUESTIONS).map((word) => `'${word}'`)
  const call = `redis.${oneIn(random, 2) ? 'call' : 'pcall'}(${question.join(', ')})`
  const shown = choose(random, [
    [4, () => `return ${call}`],
    [2, () => `return {${call}, 1}`],
    [2, () => `return cjson.encode(${call})`],
    [1, () => `return cmsgpack.pack(${call})`],
    [1, () => `local r = ${call} return type(r)`],
  ])
  const protocol = random.pick(['', '', 'redis.setresp(3) ', 'redis.setresp(2) '])
  return `${FILL} ${protocol}${shown}`
}

/** One script. */
export function generate(random: Random): Bytes[] {
  const words = (most: number) =>
    Array.from({ length: random.below(most + 1) }, () => valueText(random))
  const keys = Array.from({ length: random.below(3) }, () => keyOf(random, 's'))
  return choose(random, [
    [6, (r) => evalOf(`return ${luaValue(r)}`)],
    [2, (r) => evalOf(`redis.setresp(3) return ${luaValue(r)}`)],
    [2, () => evalOf('return {KEYS, ARGV, #KEYS, #ARGV}', keys, words(4))],
    [1, () => evalOf("return redis.call('echo', ARGV[1])", [], words(2))],
    [2, (r) => evalOf(`return redis.call('echo', ${numberText(r)})`)],
    [1, () => evalOf('return cjson.encode(ARGV)', keys, words(4))],
    [1, () => evalOf('return cmsgpack.pack(unpack(ARGV))', keys, words(4))],
    [1, (r) => evalOf(`return ${numberText(r)} .. ''`)],
    [5, (r) => evalOf(replyScript(r))],
    [10, (r) => evalOf(`return ${r.pick(libraryCalls)(r)}`)],
    [
      10,
      (r) => evalOf(`local ok, r = pcall(function() return ${standardCall(r)} end) return {ok, r}`),
    ],
    [4, (r) => evalOf(`return ${standardCall(r)}`)],
    [
      2,
      (r) =>
        evalOf(
          `local ok, e = pcall(function() return ${r.pick(libraryCalls)(r)} end) return {ok, e}`,
        ),
    ],
    // What else could be raised may kill a real server.
    [1, (r) => evalOf(`error(${r.pick([numberText, stringText])(r)})`)],
    [1, (r) => evalOf(`error({err=${stringText(r)}})`)],
  ])
}
