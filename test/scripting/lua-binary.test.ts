import { createHash } from 'node:crypto'
import t from 'tap'
import { LuaInstance } from '../../lib/scripting/lua-binary.ts'
import { compiledLua, luaBinary } from '../support/lua.ts'

t.test('the binary is the one that was looked at', async (t) => {
  const hash = createHash('sha256').update(luaBinary()).digest('hex')
  t.equal(hash, 'cba969b97e8a319eba8996b5df488aed5cdd22a56f2de53b42598e474014e610')
})

t.test('memory grows up to its limit', async (t) => {
  const limit = 32 * 1024 * 1024
  const instance = new LuaInstance(compiledLua(), limit)
  const { api } = instance
  const before = instance.memory.length
  const block = api.malloc(14 * 1024 * 1024)
  t.not(block, 0)
  t.ok(instance.memory.length > before, 'grown')
  instance.memory[block] = 7
  t.equal(new Uint8Array(instance.words.buffer)[block], 7, 'bytes and words are the same memory')
  t.equal(api.malloc(20 * 1024 * 1024), 0)
  t.ok(instance.memory.length <= limit)
  api.free(block)
  t.not(api.malloc(1024), 0, 'there is still room for little')
})

t.test('functions get slots of their own', async (t) => {
  const { addFunction } = LuaInstance.prototype
  const instance = new LuaInstance(compiledLua(), 1 << 25)
  const first = addFunction.call(instance, () => 0)
  t.equal(
    addFunction.call(instance, () => 0),
    first + 1,
  )
})
