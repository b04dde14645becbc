import t from 'tap'
import { RecordedReply } from '../../lib/node/recorded-reply.ts'
import type { Protocol } from '../../lib/resp/reply-sink.ts'
import { WireReply } from '../../lib/resp/wire-reply.ts'
import { LuaReply } from '../../lib/scripting/lua-reply.ts'
import { describeValue } from '../../lib/scripting/value-description.ts'
import { luaState } from '../support/lua.ts'

function start(protocol: Protocol) {
  const lua = luaState()
  const script = new LuaReply(lua, () => {})
  const errors: string[] = []
  const reply = new RecordedReply(script, new WireReply(), (text) => errors.push(text))
  reply.protocol = protocol
  const write = (write: (reply: RecordedReply) => void): [value: string, text: string] => {
    script.begin()
    write(reply)
    const value = describeValue(lua, -1)
    lua.pop()
    return [value, reply.takeText().replaceAll('\r\n', '|')]
  }
  return { reply, errors, write, script }
}

t.test('a reply is a value of the script, and its text where that is wanted', async (t) => {
  const { reply, write } = start(2)
  t.same(
    write((sink) => sink.bulk('x')),
    ['"x"', ''],
  )
  reply.isRecorded = true
  t.same(
    write((sink) => sink.bulk('x')),
    ['"x"', '$1|x|'],
  )
  reply.isRecorded = false
  t.same(
    write((sink) => sink.integer(1)),
    ['1', ''],
  )
})

t.test('replies of every kind, once each', async (t) => {
  const table: readonly (readonly [(reply: RecordedReply) => void, string, string])[] = [
    [(reply) => reply.ok(), '{["ok"]="OK"}', '+OK|'],
    [(reply) => reply.simple('PONG'), '{["ok"]="PONG"}', '+PONG|'],
    [(reply) => reply.error('ERR no'), '{["err"]="ERR no"}', '-ERR no|'],
    [(reply) => reply.integer(7), '7', ':7|'],
    [(reply) => reply.bulkOrNull(undefined), 'nil', '_|'],
    [(reply) => reply.bulkOrNull('a'), '"a"', '$1|a|'],
    [(reply) => reply.null(), 'nil', '_|'],
    [(reply) => reply.nullArray(), 'nil', '_|'],
    [(reply) => reply.double(1.5), '{["double"]=1.5}', ',1.5|'],
    [(reply) => reply.doubleText('2.5'), '{["double"]=2.5}', ',2.5|'],
    [(reply) => reply.boolean(true), 'true', '#t|'],
    [(reply) => reply.bigNumber('12'), '{["big_number"]="12"}', '(12|'],
    [(reply) => reply.array(0), '{}', '*0|'],
    [
      (reply) => {
        reply.array(3)
        reply.bulks(['a', 'b'])
        reply.push(0)
      },
      '{"a"; "b"; {}}',
      '*3|$1|a|$1|b|>0|',
    ],
    [
      (reply) => {
        reply.map(1)
        reply.bulk('f')
        reply.set(1)
        reply.bulk('m')
      },
      '{["map"]={["f"]={["set"]={["m"]=true}}}}',
      '%1|$1|f|~1|$1|m|',
    ],
    [
      (reply) => {
        reply.attribute(1)
        reply.bulk('a')
        reply.bulk('b')
        reply.integer(1)
      },
      '1',
      '|1|$1|a|$1|b|:1|',
    ],
  ]
  const { reply, errors, write } = start(3)
  reply.isRecorded = true
  for (const [action, value, text] of table) t.same(write(action), [value, text], text)
  t.match(write((sink) => sink.verbatim('txt', 'v'))[1], '=5|txt:v|')
  t.same(errors, ['ERR no'])
})

t.test('both are of the protocol that the script has chosen', async (t) => {
  const { reply, script, write } = start(2)
  reply.isRecorded = true
  t.same(
    write((sink) => sink.double(1.5)),
    ['"1.5"', '$3|1.5|'],
  )
  t.same(
    write((sink) => sink.null()),
    ['false', '$-1|'],
  )
  script.protocol = 3
  t.equal(reply.protocol, 3)
  t.same(
    write((sink) => sink.null()),
    ['nil', '_|'],
  )
  reply.raw()
  t.same([reply.length, reply.take(), reply.takeParts()], [0, '', []])
})
