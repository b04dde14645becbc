import t from 'tap'
import { compileLuaFile } from '../../lib/runtime/lua-file.ts'
import { LuaState, LuaStatus } from '../../lib/scripting/lua-state.ts'

t.test('the binary is found, and compiled once', async (t) => {
  const compiled = compileLuaFile()
  if (compiled === undefined) throw new Error('it is not there')
  t.equal(compileLuaFile(), compiled)
  const lua = new LuaState(compiled, 1 << 26)
  t.equal(lua.load('return 1', '=test'), LuaStatus.ok)
})
