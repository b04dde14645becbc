/**
 * The Lua library `cmsgpack`: values to MessagePack and back (lua_cmsgpack.c 0.4.0, as Redis has it).
 */
import { ensureStack, INT_MAX, integerArgument, openLibrary, optionalInteger } from './library.ts'
import type { LuaState } from './lua-state.ts'
import { MessagePackReader } from './message-pack-reader.ts'
import { MessagePackWriter } from './message-pack-writer.ts'

/** Sets the global `cmsgpack`. */
export function openMessagePack(lua: LuaState): void {
  openLibrary(lua, 'cmsgpack', {
    pack,
    unpack: (lua) => unpack(lua, { limit: INT_MAX, offset: 0, tellsOffset: false }),
    unpack_one: (lua) => {
      const offset = optionalInteger(lua, 2, 0)
      return unpack(lua, { limit: 1, offset, tellsOffset: true })
    },
    unpack_limit: (lua) => {
      const limit = integerArgument(lua, 2)
      const offset = optionalInteger(lua, 3, 0)
      // Of nothing at all the original makes all there is.
      const isWhole = limit === 0 && offset === 0
      return unpack(lua, { limit: isWhole ? INT_MAX : limit, offset, tellsOffset: !isWhole })
    },
    _NAME: 'cmsgpack',
    _VERSION: 'lua-cmsgpack 0.4.0',
    _COPYRIGHT: 'Copyright (C) 2012, Salvatore Sanfilippo',
    _DESCRIPTION: 'MessagePack C implementation for Lua',
  })
}

/** All arguments, one after the other. */
function pack(lua: LuaState): number {
  const count = lua.top
  if (count === 0) lua.argumentError(0, 'MessagePack pack needs input.')
  const writer = new MessagePackWriter(lua)
  for (let i = 1; i <= count; i++) {
    ensureStack(lua, 1, 'in function mp_check')
    lua.pushValue(i)
    writer.write()
  }
  lua.pushBytes(writer.take())
  return 1
}

interface UnpackRequest {
  /** So many values at most. */
  readonly limit: number
  /** Where to begin. */
  readonly offset: number
  /** The first result is where to go on, -1 at the end. */
  readonly tellsOffset: boolean
}

function unpack(lua: LuaState, { limit, offset, tellsOffset }: UnpackRequest): number {
  lua.top = Math.min(lua.top, 1)
  const bytes = lua.checkBytes(1)
  const { length } = bytes
  if (offset < 0 || limit < 0) {
    // It says limit and means the length.
    lua.fail(`Invalid request to unpack with offset of ${offset} and limit of ${length}.`)
  }
  if (offset > length) lua.fail(`Start offset ${offset} greater than input length ${length}.`)
  const reader = new MessagePackReader(lua, bytes, offset)
  let count = 0
  for (; !reader.isAtEnd && count < limit; count++) {
    const fault = reader.read()
    if (fault === 'incomplete') lua.fail('Missing bytes in input.')
    if (fault === 'malformed') lua.fail('Bad data format in input.')
  }
  if (!tellsOffset) return count
  ensureStack(lua, 1, 'in function mp_unpack_full')
  lua.pushNumber(reader.isAtEnd ? -1 : reader.offset)
  lua.insert(2)
  return count + 1
}
