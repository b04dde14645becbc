/**
 * A Lua state as TypeScript sees it: the stack machine of lua.h with bytes as latin1 strings. All methods act on the thread
 * that runs (within a closure: the one that called it), indices count as in lua.h. What raises a Lua error
 * does not return; it passes through JavaScript as a thrown value that nobody may keep. Plain values of the stack are read
 * and written where they lie (lobject.h, lstate.h): a call into WebAssembly costs more than all that it does for them.
 * Invariant: closures and hooks see their own thread as the running one and leave the former one behind.
 */
import { type Bytes, bytesIn, copyBytes } from '../base/bytes.ts'
import { type CompiledLua, type LuaApi, LuaInstance, type Pointer } from './lua-binary.ts'

/** Types of Lua values (LUA_T*). */
export const LuaType = {
  none: -1,
  nil: 0,
  boolean: 1,
  lightUserdata: 2,
  number: 3,
  string: 4,
  table: 5,
  function: 6,
  userdata: 7,
  thread: 8,
} as const

/** What became of a call or a resumed thread (LUA_OK and others). */
export const LuaStatus = {
  ok: 0,
  yielded: 1,
  runtimeError: 2,
  syntaxError: 3,
  outOfMemory: 4,
  errorInHandler: 5,
} as const

/** The table that Lua code does not see. */
export const REGISTRY = -10000
/** The globals of the running thread. */
export const GLOBALS = -10002
/** Results of a call as many as there are. */
export const ALL_RESULTS = -1
/** Lua keeps so many stack slots for a closure without being asked. */
export const FREE_SLOTS = 20

/** A function of Lua code made in JavaScript: arguments from index 1 up; returns how many results lie on top. */
export type LuaClosure = (lua: LuaState) => number

/** Where a function that is being called was at. */
export interface CallInfo {
  /** The name of its chunk, as given to {@link LuaState.load}; `=[C]` for C and JavaScript. */
  readonly source: Bytes
  /** -1 when it is not known. */
  readonly line: number
  /** `Lua`, `C`, `main` or `tail`. */
  readonly what: Bytes
}

/** Where one of the functions is that are being called, for whoever debugs it. */
export interface CallPlace {
  /** The name of its chunk as errors show it. */
  readonly shortSource: Bytes
  /** -1 when it is not known. */
  readonly line: number
  /** What it was called by; undefined when that is not known, or it has none. */
  readonly name: Bytes | undefined
}

/** What a hook of lines is called for: a line begins, or so many instructions have run. */
export type HookEvent = 'line' | 'count'

/** A thread of a state, by its address. */
export type LuaThread = Pointer

/** A function around which Lua libraries are opened. */
export type StandardLibrary = 'base' | 'table' | 'string' | 'math' | 'debug'

/** How compiled chunks begin, and what is as wrong in source text. */
const COMPILED_MARK = '\x1b'
const NO_MARK = '\x01'
/** Strings up to here pass through a block that stays. */
const SCRATCH_BYTES = 65536
/** Copying so few bytes costs less than calling for it. */
const SHORT_BYTES = 24
/** sizeof(lua_Debug) and where its members lie, where pointers and ints have 4 bytes; the last is a text of its own. */
const DEBUG_BYTES = 100
const DEBUG_NAME = 4 >> 2
const DEBUG_WHAT = 12 >> 2
const DEBUG_SOURCE = 16 >> 2
const DEBUG_LINE = 20 >> 2
const DEBUG_SHORT_SOURCE = 36
/** Where a lua_State has top, base and ci, and nCcalls and baseCcalls, an unsigned short each. */
const TOP = 8
const BASE = 12
const CALL = 20
const CALL_COUNTS = 52
/** Where it has status and allowhook, a byte each, hookcount, savedpc and stack. */
const STATUS = 6
const ALLOWS_HOOK = 57
const HOOK_COUNT = 64
const SAVED_INSTRUCTION = 24
const STACK = 32
const INSTRUCTION_BYTES = 4
/** sizeof(TValue), in which the value comes first, and where its type is. */
const VALUE_BYTES = 16
const VALUE_TYPE = 8
/** Where a CallInfo has its base, its function and the end of its stack, a CClosure its first upvalue, a TString its length and its bytes. */
const CALL_BASE = 0
const CALL_FUNCTION = 4
const CALL_TOP = 8
const CLOSURE_VALUE = 24
const STRING_LENGTH = 12
const STRING_BYTES = 16
/** LUA_MASKCOUNT and LUA_MASKLINE, and the event of a line (LUA_HOOKLINE). */
const COUNT_MASK = 8
const LINE_MASK = 4
const LINE_EVENT = 2
/** LUA_GCCOLLECT, LUA_GCCOUNT and LUA_GCCOUNTB. */
const COLLECT = 2
const KILOBYTES = 3
const REST_BYTES = 4

/** A Lua state. */
export class LuaState {
  /** The main thread; the running one unless a closure or a hook runs. */
  readonly main: LuaThread
  readonly #instance: LuaInstance
  readonly #limitBytes: number
  readonly #api: LuaApi
  readonly #closures: LuaClosure[] = []
  readonly #closureSlot: number
  readonly #names = new Map<Bytes, Pointer>()
  readonly #scratch: Pointer
  readonly #length: Pointer
  readonly #debug: Pointer
  #hook: ((lua: LuaState, event: HookEvent) => void) | undefined
  #hookSlot: number | undefined
  /** Hears of every error that a function of `redis` makes, while somebody wants to. */
  errorWatcher: ((message: Bytes) => void) | undefined
  #L: LuaThread

  /** An empty state whose memory may grow to so many bytes. */
  constructor(module: CompiledLua, memoryLimitBytes: number) {
    this.#instance = new LuaInstance(module, memoryLimitBytes)
    this.#limitBytes = memoryLimitBytes
    this.#api = this.#instance.api
    this.#closureSlot = this.#instance.addFunction((L) => this.#runClosure(L))
    this.#scratch = this.#api.malloc(SCRATCH_BYTES)
    this.#length = this.#api.malloc(4)
    this.#debug = this.#api.malloc(DEBUG_BYTES)
    this.main = this.#api.luaL_newstate()
    this.#L = this.main
  }

  // Threads

  /** The running thread. */
  get thread(): LuaThread {
    return this.#L
  }

  /** Acts on another thread from here on. */
  set thread(thread: LuaThread) {
    this.#L = thread
  }

  /** Pushes a new thread, which shares the globals and the hook. */
  newThread(): LuaThread {
    return this.#api.lua_newthread(this.#L)
  }

  /** Pushes the running thread itself. */
  pushThread(): void {
    this.#api.lua_pushthread(this.#L)
  }

  /**
   * Starts the function below so many arguments on this thread's stack, or goes on where it yielded: a LuaStatus. Results or
   * the error are on that stack.
   */
  resume(thread: LuaThread, given: number): number {
    const outer = this.#L
    this.#L = thread
    try {
      return this.#api.lua_resume(thread, given)
    } finally {
      this.#L = outer
    }
  }

  /** Suspends the running thread with so many results: `return lua.yield(n)` ends a closure, or a hook with none. */
  yield(results: number): number {
    return this.#api.lua_yield(this.#L, results)
  }

  /** A thread's LuaStatus: `ok` also before it begins and after it has returned. */
  statusOf(thread: LuaThread): number {
    return this.#api.lua_status(thread)
  }

  /** Moves so many values from the top of the running thread to that of another. */
  moveTo(thread: LuaThread, count: number): void {
    this.#api.lua_xmove(this.#L, thread, count)
  }

  // The stack

  /** How many values there are. */
  get top(): number {
    const { words } = this.#instance
    const L = this.#L
    return ((words[(L + TOP) >> 2] as number) - (words[(L + BASE) >> 2] as number)) / VALUE_BYTES
  }

  set top(count: number) {
    this.#api.lua_settop(this.#L, count)
  }

  pop(count = 1): void {
    const { words } = this.#instance
    const top = (this.#L + TOP) >> 2
    words[top] = (words[top] as number) - count * VALUE_BYTES
  }

  /** Pushes a copy of a value. */
  pushValue(index: number): void {
    this.#api.lua_pushvalue(this.#L, index)
  }

  remove(index: number): void {
    this.#api.lua_remove(this.#L, index)
  }

  /** Moves the top under the value at this index. */
  insert(index: number): void {
    this.#api.lua_insert(this.#L, index)
  }

  /** Moves the top to the place of the value at this index. */
  replace(index: number): void {
    this.#api.lua_replace(this.#L, index)
  }

  /** Makes room for so many more values than there are; false when there can be no more. */
  checkStack(extra: number): boolean {
    return this.#api.lua_checkstack(this.#L, extra) !== 0
  }

  // Pushing

  pushNil(): void {
    this.#pushPlain(LuaType.nil)
  }

  pushBoolean(value: boolean): void {
    const address = this.#pushPlain(LuaType.boolean)
    this.#instance.words[address >> 2] = value ? 1 : 0
  }

  pushNumber(value: number): void {
    const address = this.#pushPlain(LuaType.number)
    this.#instance.numbers[address >> 3] = value
  }

  pushBytes(bytes: Bytes): void {
    const { length } = bytes
    if (length > SCRATCH_BYTES) {
      this.#withCopy(bytes, (start) => this.#api.lua_pushlstring(this.#L, start, length))
      return
    }
    this.#write(bytes, this.#scratch)
    this.#api.lua_pushlstring(this.#L, this.#scratch, length)
  }

  /** A value that equals itself alone: 0 is the NULL pointer. */
  pushLightUserdata(value: number): void {
    this.#api.lua_pushlightuserdata(this.#L, value)
  }

  /** Pushes a function; it lives as long as the state. */
  pushClosure(run: LuaClosure): void {
    this.pushNumber(this.#closures.length)
    this.#closures.push(run)
    this.#api.lua_pushcclosure(this.#L, this.#closureSlot, 1)
  }

  /** Pushes an empty table with room for so many elements and fields. */
  createTable(elements = 0, fields = 0): void {
    this.#api.lua_createtable(this.#L, elements, fields)
  }

  // Reading

  /** A LuaType. */
  typeOf(index: number): number {
    const address = this.#addressOf(index)
    if (address !== 0) return this.#instance.words[(address + VALUE_TYPE) >> 2] as number
    return index > 0 ? LuaType.none : this.#api.lua_type(this.#L, index)
  }

  toBoolean(index: number): boolean {
    return this.#api.lua_toboolean(this.#L, index) !== 0
  }

  /** 0 for what is neither a number nor the text of one. */
  toNumber(index: number): number {
    const address = this.#addressOf(index)
    if (address === 0 || !this.#holds(address, LuaType.number)) {
      return this.#api.lua_tonumber(this.#L, index)
    }
    return this.#instance.numbers[address >> 3] as number
  }

  /** A string or, changed into one where it lies, a number; undefined for others. */
  toBytes(index: number): Bytes | undefined {
    const address = this.#addressOf(index)
    if (address !== 0 && this.#holds(address, LuaType.string)) return this.#stringAt(address)
    const start = this.#api.lua_tolstring(this.#L, index, this.#length)
    return start === 0 ? undefined : this.#read(start, this.#instance.words[this.#length >> 2] ?? 0)
  }

  /** A number or the text of one. */
  isNumeric(index: number): boolean {
    return this.#api.lua_isnumber(this.#L, index) !== 0
  }

  /** The length of a string, the border of a table. */
  lengthOf(index: number): number {
    return this.#api.lua_objlen(this.#L, index)
  }

  /** Tells tables, functions, threads and userdata from others of their kind; 0 for other values. */
  identityOf(index: number): number {
    return this.#api.lua_topointer(this.#L, index)
  }

  rawEqual(index1: number, index2: number): boolean {
    return this.#api.lua_rawequal(this.#L, index1, index2) !== 0
  }

  // Tables

  /** Replaces the key on top by its value; metamethods may run. */
  get(table: number): void {
    this.#api.lua_gettable(this.#L, table)
  }

  /** Takes a key and, on top, its value; metamethods may run. */
  set(table: number): void {
    this.#api.lua_settable(this.#L, table)
  }

  rawGet(table: number): void {
    this.#api.lua_rawget(this.#L, table)
  }

  rawSet(table: number): void {
    this.#api.lua_rawset(this.#L, table)
  }

  /** Pushes element n. */
  rawGetElement(table: number, n: number): void {
    this.#api.lua_rawgeti(this.#L, table, n)
  }

  /** Takes the top as element n. */
  rawSetElement(table: number, n: number): void {
    this.#api.lua_rawseti(this.#L, table, n)
  }

  /** Pushes a field; metamethods may run. Names are few and hold no NUL: they are kept. */
  getField(table: number, name: Bytes): void {
    this.#api.lua_getfield(this.#L, table, this.#nameOf(name))
  }

  /** Takes the top as a field; as {@link getField}. */
  setField(table: number, name: Bytes): void {
    this.#api.lua_setfield(this.#L, table, this.#nameOf(name))
  }

  /** Replaces the key on top by the next key and its value on top; without one, takes the key and says false. */
  next(table: number): boolean {
    return this.#api.lua_next(this.#L, table) !== 0
  }

  /** Takes a table or nil from the top as metatable. */
  setMetatable(index: number): void {
    this.#api.lua_setmetatable(this.#L, index)
  }

  /** Takes a table from the top as what a function of Lua code takes for its globals. */
  setEnvironment(index: number): void {
    this.#api.lua_setfenv(this.#L, index)
  }

  /** Pushes the metatable; false and nothing pushed when there is none. */
  getMetatable(index: number): boolean {
    return this.#api.lua_getmetatable(this.#L, index) !== 0
  }

  /** Takes the top and keeps it: by its number `pushReference` pushes it. */
  reference(): number {
    return this.#api.luaL_ref(this.#L, REGISTRY)
  }

  pushReference(reference: number): void {
    this.#api.lua_rawgeti(this.#L, REGISTRY, reference)
  }

  release(reference: number): void {
    this.#api.luaL_unref(this.#L, REGISTRY, reference)
  }

  // Running

  /**
   * Compiles source text and pushes it as a function: a LuaStatus. An error is pushed instead. What was compiled elsewhere is
   * no source text, as nobody could say what it does.
   */
  load(source: Bytes, chunkName: Bytes): number {
    const isText = !source.startsWith(COMPILED_MARK)
    const text = isText ? source : NO_MARK + source.slice(1)
    // The name lies on the stack, so it stays where it is.
    this.pushBytes(chunkName)
    const name = this.#api.lua_tolstring(this.#L, -1, 0)
    const status = this.#withCopy(text, (start) =>
      this.#api.luaL_loadbuffer(this.#L, start, text.length, name),
    )
    this.remove(-2)
    if (isText) return status
    const message = this.toBytes(-1) ?? ''
    this.pop()
    this.pushBytes(message.replace(`char(${NO_MARK.charCodeAt(0)})`, 'char(27)'))
    return status
  }

  /** Calls the function below so many arguments; errors pass. */
  call(given: number, results: number): void {
    this.#api.lua_call(this.#L, given, results)
  }

  /** Calls the function below so many arguments: a LuaStatus. An error is pushed, after the function at `handler` saw it. */
  protectedCall(given: number, results: number, handler = 0): number {
    const outer = this.#L
    try {
      return this.#api.lua_pcall(this.#L, given, results, handler)
    } finally {
      this.#L = outer
    }
  }

  /** Raises a text as it is, without the place where it happened. */
  raiseText(text: Bytes): never {
    this.pushBytes(text)
    return this.raise()
  }

  /** Raises the top as an error. */
  raise(): never {
    this.#api.lua_error(this.#L)
    throw new Error('unreachable: a raised error does not return')
  }

  /** Raises a text as an error, after the place where the closure was called. */
  fail(message: Bytes): never {
    this.#api.luaL_where(this.#L, 1)
    this.pushBytes(message)
    this.#api.lua_concat(this.#L, 2)
    return this.raise()
  }

  /** Replaces so many values on top by their concatenation. */
  concat(count: number): void {
    this.#api.lua_concat(this.#L, count)
  }

  /** Whether {@link yield} is allowed in the running thread: nothing of C is between it and who resumed it. */
  get canYield(): boolean {
    const counts = this.#instance.words[(this.#L + CALL_COUNTS) >> 2] as number
    return (counts & 0xffff) <= counts >>> 16
  }

  /** Opens one of Lua's own libraries into the globals. */
  open(library: StandardLibrary): void {
    const { top } = this
    this.#api[`luaopen_${library}`](this.#L)
    this.top = top
  }

  // Arguments of closures; what does not fit raises Lua's own error

  checkBytes(argument: number): Bytes {
    const address = this.#addressOf(argument)
    if (address !== 0 && this.#holds(address, LuaType.string)) return this.#stringAt(address)
    const start = this.#api.luaL_checklstring(this.#L, argument, this.#length)
    return this.#read(start, this.#instance.words[this.#length >> 2] ?? 0)
  }

  checkNumber(argument: number): number {
    const address = this.#addressOf(argument)
    if (address !== 0 && this.#holds(address, LuaType.number)) {
      return this.#instance.numbers[address >> 3] as number
    }
    return this.#api.luaL_checknumber(this.#L, argument)
  }

  checkTable(argument: number): void {
    this.#api.luaL_checktype(this.#L, argument, LuaType.table)
  }

  checkFunction(argument: number): void {
    this.#api.luaL_checktype(this.#L, argument, LuaType.function)
  }

  /** Anything but nothing. */
  checkAny(argument: number): void {
    this.#api.luaL_checkany(this.#L, argument)
  }

  /** `bad argument #n to 'name' (text)`. */
  argumentError(argument: number, text: Bytes): never {
    this.pushBytes(text)
    // It lies on the stack, so it stays where it is.
    this.#api.luaL_argerror(this.#L, argument, this.#api.lua_tolstring(this.#L, -1, 0))
    throw new Error('unreachable: a raised error does not return')
  }

  // Watching and memory

  /** Calls `run` whenever a thread has run so many more instructions; on the running thread and those it makes. */
  setCountHook(run: (lua: LuaState) => void, instructions: number): void {
    this.#setHook(run, COUNT_MASK, instructions)
  }

  /** {@link setCountHook}, where `run` is called before each line, too. */
  setLineHook(run: (lua: LuaState, event: HookEvent) => void, instructions: number): void {
    this.#setHook(run, COUNT_MASK | LINE_MASK, instructions)
  }

  #setHook(
    run: (lua: LuaState, event: HookEvent) => void,
    mask: number,
    instructions: number,
  ): void {
    this.#hook = run
    this.#hookSlot ??= this.#instance.addHook((L, record) => this.#runHook(L, record))
    this.#api.lua_sethook(this.#L, this.#hookSlot, mask, instructions)
  }

  /** After how many instructions the running thread's hook is called. */
  get hookInstructions(): number {
    return this.#api.lua_gethookcount(this.#L)
  }

  /** After how many more instructions it is called next. */
  get hookInstructionsLeft(): number {
    return this.#instance.words[(this.#L + HOOK_COUNT) >> 2] as number
  }

  set hookInstructionsLeft(count: number) {
    this.#instance.words[(this.#L + HOOK_COUNT) >> 2] = count
  }

  /**
   * Acts on a thread that yielded in a hook as that hook could: looks at what it calls, runs something of its own there. `run`
   * leaves the stack as it was.
   */
  inHookOf<Result>(thread: LuaThread, run: () => Result): Result {
    const instance = this.#instance
    const word = (member: number): number => instance.words[(thread + member) >> 2] as number
    const setWord = (member: number, value: number): void => {
      instance.words[(thread + member) >> 2] = value
    }
    const outer = this.#L
    const status = instance.memory[thread + STATUS] as number
    // Who yields has gone back to the instruction before which the hook was called.
    setWord(SAVED_INSTRUCTION, word(SAVED_INSTRUCTION) + INSTRUCTION_BYTES)
    setWord(BASE, instance.words[(word(CALL) + CALL_BASE) >> 2] as number)
    // The stack may move.
    const callTop = (instance.words[(word(CALL) + CALL_TOP) >> 2] as number) - word(STACK)
    instance.memory[thread + STATUS] = LuaStatus.ok
    instance.memory[thread + ALLOWS_HOOK] = 0
    this.#L = thread
    this.checkStack(FREE_SLOTS)
    try {
      return run()
    } finally {
      this.#L = outer
      instance.words[(word(CALL) + CALL_TOP) >> 2] = callTop + word(STACK)
      instance.memory[thread + ALLOWS_HOOK] = 1
      instance.memory[thread + STATUS] = status
      setWord(BASE, word(TOP))
      setWord(SAVED_INSTRUCTION, word(SAVED_INSTRUCTION) - INSTRUCTION_BYTES)
    }
  }

  /** {@link callInfo} for whoever debugs. */
  callPlace(level: number): CallPlace | undefined {
    if (this.#api.lua_getstack(this.#L, level, this.#debug) === 0) return undefined
    this.#api.lua_getinfo(this.#L, this.#nameOf('Snl'), this.#debug)
    const words = this.#instance.words.subarray(this.#debug >> 2)
    const name = words[DEBUG_NAME] as number
    return {
      shortSource: this.#readName(this.#debug + DEBUG_SHORT_SOURCE),
      line: words[DEBUG_LINE] as number,
      name: name === 0 ? undefined : this.#readName(name),
    }
  }

  /** Pushes local variable n, from 1, of the function at a level and returns its name; undefined when there is none. */
  pushLocal(level: number, n: number): Bytes | undefined {
    if (this.#api.lua_getstack(this.#L, level, this.#debug) === 0) return undefined
    const name = this.#api.lua_getlocal(this.#L, this.#debug, n)
    return name === 0 ? undefined : this.#readName(name)
  }

  /** The function at a level of the running thread's calls, 0 being the innermost; undefined above the outermost. */
  callInfo(level: number): CallInfo | undefined {
    if (this.#api.lua_getstack(this.#L, level, this.#debug) === 0) return undefined
    this.#api.lua_getinfo(this.#L, this.#nameOf('Sl'), this.#debug)
    const words = this.#instance.words.subarray(this.#debug >> 2)
    return {
      what: this.#readName(words[DEBUG_WHAT] as number),
      source: this.#readName(words[DEBUG_SOURCE] as number),
      line: words[DEBUG_LINE] as number,
    }
  }

  /** What Lua's values take. */
  get usedBytes(): number {
    const kilobytes = this.#api.lua_gc(this.#L, KILOBYTES, 0)
    return kilobytes * 1024 + this.#api.lua_gc(this.#L, REST_BYTES, 0)
  }

  /** Lua's values, garbage among them, take more than half of what they may. */
  get isCrowded(): boolean {
    const half = this.#limitBytes / 2
    return this.#instance.memory.length > half && this.usedBytes > half
  }

  /**
   * What `run` pushes may be more than there is memory for: it does not stop half-way. Raises an error afterwards if
   * that took the memory over its limit.
   */
  whole(run: () => void): void {
    const instance = this.#instance
    const before = instance.memory.length
    instance.isUnbounded = true
    try {
      run()
    } finally {
      instance.isUnbounded = false
    }
    const { length } = instance.memory
    if (length > before && length > this.#limitBytes) this.raiseText('not enough memory')
  }

  /** Frees all that nobody refers to. */
  collect(): void {
    this.#api.lua_gc(this.#L, COLLECT, 0)
  }

  #runClosure(L: LuaThread): number {
    const outer = this.#L
    this.#L = L
    try {
      return (this.#closures[this.#closureNumber()] as LuaClosure)(this)
    } finally {
      this.#L = outer
    }
  }

  /** Which closure the running thread calls: its upvalue. */
  #closureNumber(): number {
    const { words, numbers } = this.#instance
    const call = words[(this.#L + CALL) >> 2] as Pointer
    const called = words[(words[(call + CALL_FUNCTION) >> 2] as Pointer) >> 2] as Pointer
    return numbers[(called + CLOSURE_VALUE) >> 3] as number
  }

  /** Where the value at an index lies; 0 where there is none, and for what is not on the stack. */
  #addressOf(index: number): Pointer {
    const { words } = this.#instance
    const top = words[(this.#L + TOP) >> 2] as Pointer
    if (index > 0) {
      const address = (words[(this.#L + BASE) >> 2] as Pointer) + (index - 1) * VALUE_BYTES
      return address < top ? address : 0
    }
    return index > REGISTRY ? top + index * VALUE_BYTES : 0
  }

  #holds(address: Pointer, type: number): boolean {
    return this.#instance.words[(address + VALUE_TYPE) >> 2] === type
  }

  #stringAt(address: Pointer): Bytes {
    const { words } = this.#instance
    const string = words[address >> 2] as Pointer
    return this.#read(string + STRING_BYTES, words[(string + STRING_LENGTH) >> 2] as number)
  }

  /** Makes a value of this type on top; returns where it lies. */
  #pushPlain(type: number): Pointer {
    const { words } = this.#instance
    const top = (this.#L + TOP) >> 2
    const address = words[top] as Pointer
    words[(address + VALUE_TYPE) >> 2] = type
    words[top] = address + VALUE_BYTES
    return address
  }

  #runHook(L: LuaThread, record: Pointer): void {
    const outer = this.#L
    this.#L = L
    try {
      const isLine = this.#instance.words[record >> 2] === LINE_EVENT
      this.#hook?.(this, isLine ? 'line' : 'count')
    } finally {
      this.#L = outer
    }
  }

  #read(start: Pointer, length: number): Bytes {
    const { memory } = this.#instance
    return length === 0 ? '' : bytesIn(memory, start, start + length)
  }

  /** A C string. */
  #readName(start: Pointer): Bytes {
    const { memory } = this.#instance
    return bytesIn(memory, start, memory.indexOf(0, start))
  }

  #write(bytes: Bytes, start: Pointer): void {
    const { memory } = this.#instance
    const { length } = bytes
    if (length <= SHORT_BYTES) {
      for (let i = 0; i < length; i++) memory[start + i] = bytes.charCodeAt(i)
    } else {
      copyBytes(bytes, memory, start)
    }
  }

  #withCopy<Result>(bytes: Bytes, use: (start: Pointer) => Result): Result {
    const start = this.#api.malloc(bytes.length || 1)
    if (start === 0) {
      return this.raiseText('not enough memory')
    }
    this.#write(bytes, start)
    try {
      return use(start)
    } finally {
      this.#api.free(start)
    }
  }

  #nameOf(name: Bytes): Pointer {
    let start = this.#names.get(name)
    if (start === undefined) {
      start = this.#api.malloc(name.length + 1)
      this.#write(`${name}\0`, start)
      this.#names.set(name, start)
    }
    return start
  }
}
