/**
 * Lua 5.1 as a WebAssembly instance: the C API as functions over a linear memory (lua.h and lauxlib.h say what each does).
 * The binary was compiled with Emscripten for a system with files and a clock; ours has neither. A Lua error travels as
 * a thrown `LONG_JUMP` through the JavaScript frames between two C frames.
 * Invariant: memory grows only in here, and never over its limit unless it is told to; Lua then raises "not enough memory" and
 * lives on.
 */
import { Buffer } from 'node:buffer'
import { assert } from '../base/assert.ts'

/** A compiled binary; `lib` knows no DOM, whose types would declare it. */
export interface CompiledLua {
  readonly compiledLua?: never
}

interface WebAssemblyApi {
  Module: new (bytes: Uint8Array) => CompiledLua
  Instance: new (
    module: CompiledLua,
    imports: Record<string, Record<string, unknown>>,
  ) => {
    readonly exports: unknown
  }
}

declare const WebAssembly: WebAssemblyApi

/** An address in the linear memory. */
export type Pointer = number

/** What a Lua error throws through JavaScript: rethrow it, always. */
export const LONG_JUMP = Number.POSITIVE_INFINITY

/** The functions of lua.h and lauxlib.h that are used, and what an Emscripten binary needs around them. */
export interface LuaApi {
  luaL_newstate(): Pointer
  lua_newthread(L: Pointer): Pointer
  lua_settop(L: Pointer, index: number): void
  lua_pushvalue(L: Pointer, index: number): void
  lua_remove(L: Pointer, index: number): void
  lua_insert(L: Pointer, index: number): void
  lua_replace(L: Pointer, index: number): void
  lua_checkstack(L: Pointer, extra: number): number
  lua_xmove(from: Pointer, to: Pointer, count: number): void
  lua_isnumber(L: Pointer, index: number): number
  lua_type(L: Pointer, index: number): number
  lua_rawequal(L: Pointer, index1: number, index2: number): number
  lua_tonumber(L: Pointer, index: number): number
  lua_toboolean(L: Pointer, index: number): number
  lua_tolstring(L: Pointer, index: number, length: Pointer): Pointer
  lua_objlen(L: Pointer, index: number): number
  lua_topointer(L: Pointer, index: number): Pointer
  lua_pushlstring(L: Pointer, start: Pointer, length: number): void
  lua_pushcclosure(L: Pointer, slot: number, upvalues: number): void
  lua_pushlightuserdata(L: Pointer, value: Pointer): void
  lua_pushthread(L: Pointer): number
  lua_gettable(L: Pointer, index: number): void
  lua_getfield(L: Pointer, index: number, name: Pointer): void
  lua_rawget(L: Pointer, index: number): void
  lua_rawgeti(L: Pointer, index: number, n: number): void
  lua_createtable(L: Pointer, elements: number, fields: number): void
  lua_getmetatable(L: Pointer, index: number): number
  lua_settable(L: Pointer, index: number): void
  lua_setfield(L: Pointer, index: number, name: Pointer): void
  lua_rawset(L: Pointer, index: number): void
  lua_rawseti(L: Pointer, index: number, n: number): void
  lua_setmetatable(L: Pointer, index: number): number
  lua_setfenv(L: Pointer, index: number): number
  lua_call(L: Pointer, given: number, results: number): void
  lua_pcall(L: Pointer, given: number, results: number, handler: number): number
  lua_yield(L: Pointer, results: number): number
  lua_resume(L: Pointer, given: number): number
  lua_status(L: Pointer): number
  lua_gc(L: Pointer, what: number, data: number): number
  lua_error(L: Pointer): number
  lua_next(L: Pointer, index: number): number
  lua_concat(L: Pointer, count: number): void
  lua_getstack(L: Pointer, level: number, into: Pointer): number
  lua_getinfo(L: Pointer, what: Pointer, into: Pointer): number
  lua_getlocal(L: Pointer, into: Pointer, n: number): Pointer
  lua_gethookcount(L: Pointer): number
  lua_sethook(L: Pointer, slot: number, mask: number, count: number): number
  luaL_ref(L: Pointer, table: number): number
  luaL_unref(L: Pointer, table: number, reference: number): void
  luaL_loadbuffer(L: Pointer, start: Pointer, length: number, name: Pointer): number
  luaL_where(L: Pointer, level: number): void
  luaL_argerror(L: Pointer, argument: number, text: Pointer): number
  luaL_checklstring(L: Pointer, argument: number, length: Pointer): Pointer
  luaL_checknumber(L: Pointer, argument: number): number
  luaL_checkany(L: Pointer, argument: number): void
  luaL_checktype(L: Pointer, argument: number, type: number): void
  luaopen_base(L: Pointer): number
  luaopen_table(L: Pointer): number
  luaopen_string(L: Pointer): number
  luaopen_math(L: Pointer): number
  luaopen_debug(L: Pointer): number
  malloc(bytes: number): Pointer
  free(block: Pointer): void
}

interface Exports extends LuaApi {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  readonly __indirect_function_table: {
    readonly length: number
    get(slot: number): (...values: number[]) => void
    set(slot: number, value: unknown): void
    grow(slots: number): number
  }
  __wasm_call_ctors(): void
  stackSave(): Pointer
  stackRestore(stack: Pointer): void
  setThrew(threw: number, value: number): void
}

const PAGE_BYTES = 65536
/** Grown by a fifth at a time, as Emscripten does by itself. */
const GROWTH = 1.2
/** Negative error numbers of a system where there is nothing (its errno.h counts as WASI does). */
const NO_FILE = -44
const BAD_DESCRIPTOR = -8
const NO_TERMINAL = -59

/** What of the binary is made otherwise: bytes that are there once, and as many that take their place. */
const CHANGES: readonly { readonly is: string; readonly becomes: string }[] = [
  // Where luaS_newlstr decides how much of a long string it hashes: `step = (length >> 5) + 1`. Redis hashes every character,
  // which decides in what order `pairs` walks: a step of 1, as of `length >> 31`.
  { is: '20024105762205', becomes: '2002411f762205' },
  // Where lua_tointeger casts a number: one that has no place in 32 bits, which is what a position has here, became the least
  // there is. It becomes the nearest instead, unless it has no place in the 64 bits either that a position has for Redis:
  // `select(trunc_sat(n), INT_MIN, fabs(n) < 2^63)` instead of `fabs(n) < 2^31 ? trunc(n) : INT_MIN`.
  {
    is: '22039944000000000000e0416304402003aa0c010b4180808080780b',
    becomes: '2203fc0241808080807820039944000000000000e043631b0101010b',
  },
]

/** Compiles the binary: slow, once a thread. */
export function compileLua(bytes: Uint8Array): CompiledLua {
  const binary = Buffer.from(bytes)
  for (const { is, becomes } of CHANGES) {
    const pattern = Buffer.from(is, 'hex')
    const at = binary.indexOf(pattern)
    const isOnly = at >= 0 && binary.indexOf(pattern, at + 1) < 0
    assert(isOnly, 'this is the Lua that was looked at')
    Buffer.from(becomes, 'hex').copy(binary, at)
  }
  return new WebAssembly.Module(binary)
}

/** Lua gave up: an error where none is caught. The instance is worth nothing any more. */
export class LuaPanic extends Error {
  override readonly name = 'LuaPanic'
}

/** One instance with a memory of its own. */
export class LuaInstance {
  readonly api: LuaApi
  readonly #exports: Exports
  /** The memory, as bytes, as words and as numbers of Lua's; new ones whenever it has grown. */
  memory: Buffer = Buffer.alloc(0)
  words: Int32Array = new Int32Array(0)
  numbers: Float64Array = new Float64Array(0)
  /** Functions of the table that were called: asking it for one takes longer than the call. */
  readonly #called: ((...values: number[]) => void)[] = []

  /** What the memory may grow to. */
  readonly #limitBytes: number
  /** It may grow over its limit. */
  isUnbounded = false

  /** `memoryLimitBytes`: what it may grow to. */
  constructor(module: CompiledLua, memoryLimitBytes: number) {
    this.#limitBytes = memoryLimitBytes
    const instance = new WebAssembly.Instance(module, {
      env: this.#environment(),
      wasi_snapshot_preview1: this.#system(),
    })
    this.#exports = instance.exports as Exports
    this.api = this.#exports
    this.#memoryChanged()
    this.#exports.__wasm_call_ctors()
  }

  /** Makes a C function of one argument out of a JavaScript one; returns its slot in the table of functions. */
  addFunction(run: (L: Pointer) => number): number {
    return this.#addFunction(run, [[I32], [I32]])
  }

  /** Makes a hook out of a JavaScript function, as {@link addFunction}. */
  addHook(run: (L: Pointer, record: Pointer) => void): number {
    return this.#addFunction(run, [[I32, I32], []])
  }

  /** C functions must have a WebAssembly type: a module of its own hands the JavaScript function through. */
  #addFunction(run: unknown, [given, returned]: readonly [number[], number[]]): number {
    const type = [0x60, given.length, ...given, returned.length, ...returned]
    const bytes = [
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[1, 1 + type.length, 1, ...type],
      ...[2, 7, 1, 1, 0x65, 1, 0x66, 0, 0],
      ...[7, 5, 1, 1, 0x66, 0, 0],
    ]
    const module = new WebAssembly.Module(Uint8Array.from(bytes))
    const { exports } = new WebAssembly.Instance(module, { e: { f: run } })
    const table = this.#exports.__indirect_function_table
    const slot = table.grow(1)
    table.set(slot, (exports as { readonly f: unknown }).f)
    return slot
  }

  #memoryChanged(): void {
    const { buffer } = this.#exports.memory
    this.memory = Buffer.from(buffer)
    this.words = new Int32Array(buffer)
    this.numbers = new Float64Array(buffer)
  }

  #environment(): Record<string, unknown> {
    return {
      invoke_vii: (slot: number, first: number, second: number) => {
        const stack = this.#exports.stackSave()
        this.#called[slot] ??= this.#exports.__indirect_function_table.get(slot)
        try {
          this.#called[slot](first, second)
        } catch (thrown) {
          this.#exports.stackRestore(stack)
          if (thrown !== LONG_JUMP) throw thrown
          this.#exports.setThrew(1, 0)
        }
      },
      _emscripten_throw_longjmp: () => {
        throw LONG_JUMP
      },
      exit: () => {
        throw new LuaPanic('Lua gave up')
      },
      emscripten_memcpy_js: (to: Pointer, from: Pointer, bytes: number) => {
        this.memory.copyWithin(to, from, from + bytes)
      },
      emscripten_resize_heap: (wanted: number) => this.#grow(wanted >>> 0),
      emscripten_date_now: () => 0,
      _emscripten_get_now_is_monotonic: () => 1,
      _emscripten_system: () => -1,
      _gmtime_js: () => {},
      _localtime_js: () => {},
      _mktime_js: () => 0,
      _tzset_js: () => {},
      strftime: () => 0,
      __syscall_openat: () => NO_FILE,
      __syscall_unlinkat: () => NO_FILE,
      __syscall_rmdir: () => NO_FILE,
      __syscall_renameat: () => NO_FILE,
      __syscall_readlinkat: () => NO_FILE,
      __syscall_fcntl64: () => BAD_DESCRIPTOR,
      __syscall_dup3: () => BAD_DESCRIPTOR,
      __syscall_ioctl: () => NO_TERMINAL,
    }
  }

  #system(): Record<string, unknown> {
    return {
      fd_write: (_file: number, parts: Pointer, count: number, written: Pointer) => {
        let bytes = 0
        for (let i = 0; i < count; i++) bytes += this.words[(parts >> 2) + 2 * i + 1] as number
        this.words[written >> 2] = bytes
        return 0
      },
      fd_read: () => 0,
      fd_close: () => 0,
      fd_seek: () => 0,
      environ_get: () => 0,
      environ_sizes_get: (count: Pointer, bytes: Pointer) => {
        this.words[count >> 2] = 0
        this.words[bytes >> 2] = 0
        return 0
      },
    }
  }

  /** 1 when there is room for so many bytes now. */
  #grow(wanted: number): number {
    const limit = this.isUnbounded ? Math.max(wanted, this.#limitBytes) : this.#limitBytes
    if (wanted > limit) return 0
    const { memory } = this.#exports
    const has = memory.buffer.byteLength
    const bytes = Math.min(limit, Math.max(wanted, has * GROWTH))
    try {
      memory.grow(Math.ceil((bytes - has) / PAGE_BYTES))
    } catch {
      return 0
    }
    this.#memoryChanged()
    return 1
  }
}

/** WebAssembly's name for a 32-bit integer. */
const I32 = 0x7f
