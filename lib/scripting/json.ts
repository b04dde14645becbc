/**
 * The Lua library `cjson`: values to JSON and back (lua_cjson.c 2.1.0, as Redis has it). Its settings hold for all scripts,
 * as long as the state lives.
 */
import { JsonReader } from './json-reader.ts'
import { defaultSettings, settingClosures } from './json-setting.ts'
import { JsonWriter } from './json-writer.ts'
import { setMembers } from './library.ts'
import { GLOBALS, type LuaState } from './lua-state.ts'

/** Sets the global `cjson`. */
export function openJson(lua: LuaState): void {
  pushLibrary(lua)
  lua.setField(GLOBALS, 'cjson')
}

/** A table with settings of its own. */
function pushLibrary(lua: LuaState): number {
  const settings = defaultSettings()
  lua.createTable()
  setMembers(lua, {
    encode: (lua) => {
      if (lua.top !== 1) lua.argumentError(1, 'expected 1 argument')
      lua.pushBytes(new JsonWriter(lua, settings).text())
      return 1
    },
    decode: (lua) => {
      if (lua.top !== 1) lua.argumentError(1, 'expected 1 argument')
      const text = lua.checkBytes(1)
      if (text.length >= 2 && (text[0] === '\0' || text[1] === '\0')) {
        lua.fail('JSON parser does not support UTF-16 or UTF-32')
      }
      new JsonReader(lua, text, settings).read()
      return 1
    },
    ...settingClosures(settings),
    new: pushLibrary,
    _NAME: 'cjson',
    _VERSION: '2.1.0',
  })
  pushNull(lua)
  lua.setField(-2, 'null')
  return 1
}

/** Pushes `cjson.null`: a pointer to nothing, which the C library of the system spells `(nil)`. */
function pushNull(lua: LuaState): void {
  lua.pushLightUserdata(0)
  lua.createTable(0, 1)
  lua.pushClosure((lua) => {
    lua.pushBytes('userdata: (nil)')
    return 1
  })
  lua.setField(-2, '__tostring')
  lua.setMetatable(-2)
}
