/**
 * Lua for tests: the binary the build put beside the workers, compiled once a process.
 */
import { readFileSync } from 'node:fs'
import { type CompiledLua, compileLua } from '../../lib/scripting/lua-binary.ts'
import { LuaState } from '../../lib/scripting/lua-state.ts'

let compiled: CompiledLua | undefined

/** The bytes of the binary. */
export function luaBinary(): Buffer {
  return readFileSync(new URL('../../workers/liblua5.1.wasm', import.meta.url))
}

/** The binary, compiled. */
export function compiledLua(): CompiledLua {
  compiled ??= compileLua(luaBinary())
  return compiled
}

/** A state with Lua's own libraries. */
export function luaState({ memoryLimitBytes = 64 * 1024 * 1024 } = {}): LuaState {
  const lua = new LuaState(compiledLua(), memoryLimitBytes)
  for (const library of ['base', 'table', 'string', 'math'] as const) lua.open(library)
  return lua
}
