/**
 * The global `redis` of scripts (luaRegisterRedisAPI in script_lua.c). What it does in the node goes through a ScriptHost; who
 * refuses a command says so in the reply. Errors are tables here: their `err` holds code and text.
 */
import { type Bytes, upToNul } from '../base/bytes.ts'
import { formatDouble } from '../base/numbers.ts'
import { hexOf, sha1 } from '../base/sha1.ts'
import type { Version } from '../base/version.ts'
import type { LuaReply } from './lua-reply.ts'
import { GLOBALS, type LuaClosure, type LuaState, LuaType } from './lua-state.ts'

/** What scripts ask of the node they run in. */
export interface ScriptHost {
  readonly version: Version
  /** Runs a command of the script, or refuses it; writes one reply. */
  call(argv: readonly Bytes[], reply: LuaReply): void
  /** Whether the caller may run a command; undefined when there is no such. */
  permits(argv: readonly Bytes[]): boolean | undefined
  /** A line for the log: 0 debug to 3 warning. */
  log(level: number, text: Bytes): void
  /** Who hears of the changes from here on: the sum of 1 for the append-only file and 2 for replicas. */
  replicateTo(whom: number): void
  /** The script has run a while: `yield` is possible only if `canYield`. */
  interrupted(canYield: boolean): 'go on' | 'yield' | 'end'
  /** An error reply is about to be written for the script. */
  onError(text: Bytes): void
}

/** Names of log levels and of those who hear of changes. */
const NUMBERS = {
  LOG_DEBUG: 0,
  LOG_VERBOSE: 1,
  LOG_NOTICE: 2,
  LOG_WARNING: 3,
  REPL_NONE: 0,
  REPL_AOF: 1,
  REPL_SLAVE: 2,
  REPL_REPLICA: 2,
  REPL_ALL: 3,
}

/** What debugs a script. */
export interface ScriptDebugger {
  /** The script is to stop at its next line. */
  stopSoon(): void
  /** Shows the arguments of the closure that was called. */
  show(lua: LuaState): void
}

/** What functions do without (luaRegisterRedisAPI is for both, eval.c adds these). */
function scriptsOnly(debugging: ScriptDebugger | undefined): Readonly<Record<string, LuaClosure>> {
  return {
    breakpoint: (lua) => {
      debugging?.stopSoon()
      lua.pushBoolean(debugging !== undefined)
      return 1
    },
    debug: (lua) => {
      debugging?.show(lua)
      return 0
    },
    replicate_commands: (lua) => {
      lua.pushBoolean(true)
      return 1
    },
  }
}

/** Sets the global `redis`. */
export function openRedis(
  lua: LuaState,
  {
    host,
    reply,
    forFunctions,
    debugging,
  }: {
    readonly host: ScriptHost
    readonly reply: LuaReply
    readonly forFunctions: boolean
    readonly debugging?: ScriptDebugger | undefined
  },
): void {
  const closures: Readonly<Record<string, LuaClosure>> = {
    call: (lua) => callCommand(lua, host, reply, true),
    pcall: (lua) => callCommand(lua, host, reply, false),
    log: (lua) => writeLog(lua, host),
    setresp: (lua) => setProtocol(lua, reply),
    error_reply: (lua) => errorReply(lua),
    status_reply: (lua) => statusReply(lua),
    set_repl: (lua) => setReplication(lua, host),
    acl_check_cmd: (lua) => checkAcl(lua, host),
    sha1hex: digest,
    ...(forFunctions ? {} : scriptsOnly(debugging)),
  }
  lua.createTable(0, 24)
  for (const [name, closure] of Object.entries(closures)) {
    lua.pushClosure(closure)
    lua.setField(-2, name)
  }
  for (const [name, value] of Object.entries(NUMBERS)) {
    lua.pushNumber(value)
    lua.setField(-2, name)
  }
  lua.pushBytes(host.version.text)
  lua.setField(-2, 'REDIS_VERSION')
  lua.pushNumber(versionNumber(host.version))
  lua.setField(-2, 'REDIS_VERSION_NUM')
  lua.setField(GLOBALS, 'redis')
}

/** A byte for each of the three numbers. */
function versionNumber({ text }: Version): number {
  return text.split('.').reduce((number, part) => number * 256 + Number(part), 0)
}

/** Pushes an error as scripts know it: code and text after a `-`, or a text without a code (luaPushErrorBuff). */
export function pushError(lua: LuaState, message: Bytes): void {
  lua.errorWatcher?.(message)
  let text = message.replace(/^[\r\n]+|[\r\n]+$/g, '')
  if (!text.startsWith('-')) text = `ERR ${text}`
  else text = text.includes(' ') ? text.slice(1) : `ERR ${text.slice(1)}`
  lua.createTable(0, 1)
  lua.pushBytes(upToNul(text))
  lua.setField(-2, 'err')
}

/** Raises such an error. */
export function raiseError(lua: LuaState, message: Bytes): never {
  pushError(lua, message)
  return lua.raise()
}

function callCommand(lua: LuaState, host: ScriptHost, reply: LuaReply, raises: boolean): number {
  const argv = words(lua)
  if (typeof argv === 'string') {
    pushError(lua, argv)
    return raises ? lua.raise() : 1
  }
  reply.begin()
  // A command that has no memory for its reply has done half of its work.
  lua.whole(() => host.call(argv, reply))
  if (reply.failure === undefined) return 1
  // It has been counted.
  lua.pushBoolean(true)
  lua.setField(-2, 'ignore_error_stats_update')
  return raises ? lua.raise() : 1
}

/** The arguments as the words of a command, or what is wrong with them. */
function words(lua: LuaState): Bytes[] | string {
  const count = lua.top
  if (count === 0) return 'Please specify at least one argument for this redis lib call'
  const argv: Bytes[] = new Array(count)
  for (let i = 1; i <= count; i++) {
    const type = lua.typeOf(i)
    if (type === LuaType.string) argv[i - 1] = lua.toBytes(i) as Bytes
    else if (type === LuaType.number) argv[i - 1] = numberWord(lua.toNumber(i))
    else return 'Lua redis lib command arguments must be strings or integers'
  }
  return argv
}

/** C's `%.17g`; what is no number has a sign on the machines Redis runs on. */
function numberWord(value: number): Bytes {
  return Number.isNaN(value) ? '-nan' : formatDouble(value)
}

function checkAcl(lua: LuaState, host: ScriptHost): number {
  const argv = words(lua)
  if (typeof argv === 'string') return raiseError(lua, argv)
  const isPermitted = host.permits(argv)
  if (isPermitted === undefined) {
    return raiseError(lua, 'Invalid command passed to redis.acl_check_cmd()')
  }
  lua.pushBoolean(isPermitted)
  return 1
}

function writeLog(lua: LuaState, host: ScriptHost): number {
  const count = lua.top
  if (count < 2) raiseError(lua, 'redis.log() requires two arguments or more.')
  if (!lua.isNumeric(1)) raiseError(lua, 'First argument must be a number (log level).')
  const level = Math.trunc(lua.toNumber(1))
  if (level < NUMBERS.LOG_DEBUG || level > NUMBERS.LOG_WARNING) {
    raiseError(lua, 'Invalid debug level.')
  }
  let text = ''
  for (let i = 2; i <= count; i++) {
    const part = lua.toBytes(i)
    if (part !== undefined) text += i === 2 ? part : ` ${part}`
  }
  host.log(level, text)
  return 0
}

function setProtocol(lua: LuaState, reply: LuaReply): number {
  if (lua.top !== 1) raiseError(lua, 'redis.setresp() requires one argument.')
  const protocol = Math.trunc(lua.toNumber(1))
  if (protocol !== 2 && protocol !== 3) raiseError(lua, 'RESP version must be 2 or 3.')
  reply.protocol = protocol
  return 0
}

const WRONG_FIELD = 'wrong number or type of arguments'

function errorReply(lua: LuaState): number {
  const isText = lua.top === 1 && lua.typeOf(1) === LuaType.string
  if (!isText) {
    pushError(lua, WRONG_FIELD)
    return 1
  }
  const text = lua.toBytes(1) as Bytes
  pushError(lua, text.startsWith('-') ? text : `-${text}`)
  return 1
}

function statusReply(lua: LuaState): number {
  const isText = lua.top === 1 && lua.typeOf(1) === LuaType.string
  if (!isText) {
    pushError(lua, WRONG_FIELD)
    return 1
  }
  lua.createTable(0, 1)
  lua.insert(1)
  lua.setField(1, 'ok')
  return 1
}

function setReplication(lua: LuaState, host: ScriptHost): number {
  if (lua.top !== 1) raiseError(lua, 'redis.set_repl() requires two arguments.')
  const whom = Math.trunc(lua.toNumber(1))
  if ((whom & ~NUMBERS.REPL_ALL) !== 0) {
    raiseError(lua, 'Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.')
  }
  host.replicateTo(whom)
  return 0
}

function digest(lua: LuaState): number {
  if (lua.top !== 1) raiseError(lua, 'wrong number of arguments')
  lua.pushBytes(hexOf(sha1(lua.toBytes(1) ?? '')))
  return 1
}
