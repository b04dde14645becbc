/**
 * What can be set about the Lua library `cjson` (json_config_t in lua_cjson.c), and the functions that set and tell it. They
 * return what holds after them; without an argument nothing changes.
 */
import { INT_MAX, integerArgument } from './library.ts'
import { type LuaClosure, type LuaState, LuaType } from './lua-state.ts'

/** What is done about numbers that JSON has no word for. */
export type InvalidNumbers = 'off' | 'on' | 'null'

/** The settings of one `cjson` table. */
export interface JsonSettings {
  /** Arrays with many holes are objects instead of errors. */
  sparseConvert: boolean
  /** So many times as long as it has elements an array may be; 0: any length. */
  sparseRatio: number
  /** Arrays up to here may have any holes. */
  sparseSafe: number
  encodeDepthMax: number
  decodeDepthMax: number
  encodeInvalidNumbers: InvalidNumbers
  decodeInvalidNumbers: boolean
  /** Told, and without effect here. */
  keepBuffer: boolean
  /** Digits of numbers. */
  precision: number
}

const PRECISION_MAX = 14
const SWITCH = ['off', 'on'] as const
const INVALID_NUMBERS: readonly InvalidNumbers[] = ['off', 'on', 'null']

/** Settings as they are when nobody has touched them. */
export function defaultSettings(): JsonSettings {
  return {
    sparseConvert: false,
    sparseRatio: 2,
    sparseSafe: 10,
    encodeDepthMax: 1000,
    decodeDepthMax: 1000,
    encodeInvalidNumbers: 'off',
    decodeInvalidNumbers: true,
    keepBuffer: true,
    precision: PRECISION_MAX,
  }
}

/** The functions that set them, by name. */
export function settingClosures(settings: JsonSettings): Record<string, LuaClosure> {
  return {
    encode_sparse_array: withArguments(3, (lua) => {
      setSwitch(lua, settings, 'sparseConvert')
      setInteger(lua, { settings, name: 'sparseRatio', argument: 2, min: 0, max: INT_MAX })
      setInteger(lua, { settings, name: 'sparseSafe', argument: 3, min: 0, max: INT_MAX })
    }),
    encode_max_depth: withArguments(1, (lua) =>
      setInteger(lua, { settings, name: 'encodeDepthMax', argument: 1, min: 1, max: INT_MAX }),
    ),
    decode_max_depth: withArguments(1, (lua) =>
      setInteger(lua, { settings, name: 'decodeDepthMax', argument: 1, min: 1, max: INT_MAX }),
    ),
    encode_number_precision: withArguments(1, (lua) =>
      setInteger(lua, { settings, name: 'precision', argument: 1, min: 1, max: PRECISION_MAX }),
    ),
    encode_keep_buffer: withArguments(1, (lua) => setSwitch(lua, settings, 'keepBuffer')),
    encode_invalid_numbers: withArguments(1, (lua) => {
      const { encodeInvalidNumbers } = settings
      const chosen = choice(lua, INVALID_NUMBERS, encodeInvalidNumbers)
      settings.encodeInvalidNumbers = chosen
      if (chosen === 'null') lua.pushBytes(chosen)
      else lua.pushBoolean(chosen === 'on')
    }),
    decode_invalid_numbers: withArguments(1, (lua) =>
      setSwitch(lua, settings, 'decodeInvalidNumbers'),
    ),
  }
}

/** A closure that takes up to so many arguments and pushes as many results. */
function withArguments(count: number, run: (lua: LuaState) => void): LuaClosure {
  return (lua) => {
    if (lua.top > count) lua.argumentError(count + 1, 'found too many arguments')
    lua.top = count
    run(lua)
    return count
  }
}

function setInteger(
  lua: LuaState,
  request: {
    readonly settings: JsonSettings
    readonly name: 'sparseRatio' | 'sparseSafe' | 'encodeDepthMax' | 'decodeDepthMax' | 'precision'
    readonly argument: number
    readonly min: number
    readonly max: number
  },
): void {
  const { settings, name, argument, min, max } = request
  if (lua.typeOf(argument) !== LuaType.nil) {
    const value = integerArgument(lua, argument)
    if (value < min || value > max) {
      // Whichever it is, the first is blamed.
      lua.argumentError(1, `expected integer between ${min} and ${max}`)
    }
    settings[name] = value
  }
  lua.pushNumber(settings[name])
}

function setSwitch(
  lua: LuaState,
  settings: JsonSettings,
  name: 'sparseConvert' | 'keepBuffer' | 'decodeInvalidNumbers',
): void {
  settings[name] = choice(lua, SWITCH, settings[name] ? 'on' : 'off') === 'on'
  lua.pushBoolean(settings[name])
}

/** The first argument as one of several words; a boolean is `off` or `on`. */
function choice<Word extends string>(lua: LuaState, words: readonly Word[], present: Word): Word {
  const type = lua.typeOf(1)
  if (type === LuaType.nil) return present
  const word = type === LuaType.boolean ? SWITCH[lua.toBoolean(1) ? 1 : 0] : lua.checkBytes(1)
  const found = words.find((one) => one === word)
  return found ?? lua.argumentError(1, `invalid option '${word}'`)
}
