/**
 * An engine of scripts without a node: called commands are answered by a function, replies come out as RESP text.
 */
import { Version } from '../../lib/base/version.ts'
import { ReplyError } from '../../lib/resp/reply-error.ts'
import type { Protocol } from '../../lib/resp/reply-sink.ts'
import { WireReply } from '../../lib/resp/wire-reply.ts'
import { LuaEngine } from '../../lib/scripting/engine.ts'
import type { LuaReply } from '../../lib/scripting/lua-reply.ts'
import { ScriptRandom } from '../../lib/scripting/number-library.ts'
import type { ScriptHost } from '../../lib/scripting/redis-library.ts'
import { compiledLua } from './lua.ts'

/** Runs scripts and records what they ask for. */
export class ScriptStage implements ScriptHost {
  readonly version = new Version('7.0')
  readonly engine: LuaEngine
  readonly calls: (readonly string[])[] = []
  readonly logs: [level: number, text: string][] = []
  /** Errors that were counted. */
  readonly errors: string[] = []
  /** Errors that were told and not counted again. */
  readonly failed: string[] = []
  readonly replication: number[] = []
  /** What the next hooks say, and what those that follow say. */
  readonly verdicts: ('go on' | 'yield' | 'end')[] = []
  verdict: 'go on' | 'yield' | 'end' = 'go on'
  readonly couldYield: boolean[] = []
  answer: (argv: readonly string[], reply: LuaReply) => void = (_argv, reply) => reply.ok()
  isPermitted: boolean | undefined = true
  readonly #sink = new WireReply((text) => this.errors.push(text))

  constructor(kind: 'script' | 'function' = 'script') {
    this.engine = new LuaEngine({
      compiled: compiledLua(),
      host: this,
      kind,
      random: new ScriptRandom(),
    })
  }

  call(argv: readonly string[], reply: LuaReply): void {
    this.calls.push(argv)
    this.answer(argv, reply)
  }

  permits(): boolean | undefined {
    return this.isPermitted
  }

  log(level: number, text: string): void {
    this.logs.push([level, text])
  }

  replicateTo(whom: number): void {
    this.replication.push(whom)
  }

  interrupted(canYield: boolean): 'go on' | 'yield' | 'end' {
    this.couldYield.push(canYield)
    return this.verdicts.shift() ?? this.verdict
  }

  onError(text: string): void {
    this.errors.push(text)
  }

  /** Runs source text up to its end; returns the reply, CRLF as `|`, or why it does not compile. */
  run(source: string, options: ScriptStageOptions = {}): string {
    if (this.begin(source, options) === 'suspended') throw new Error('it was suspended')
    return this.reply(options)
  }

  /** Begins to run; a script that does not compile throws. */
  begin(source: string, { keys = [], args = [] }: ScriptStageOptions = {}): 'over' | 'suspended' {
    const reference = this.engine.compile(source, '@user_script')
    return this.engine.run({ name: 'abc', reference, keys, args })
  }

  /** The reply of what is over. */
  reply({ protocol = 2 }: ScriptStageOptions = {}): string {
    this.#sink.protocol = protocol
    this.engine.finish({
      sink: this.#sink,
      failed: (text) => {
        this.failed.push(text)
        this.#sink.raw(`-${text}\r\n`)
      },
    })
    return this.#sink.take().replaceAll('\r\n', '|')
  }

  /** Why source text does not compile. */
  mistake(source: string): string {
    try {
      this.engine.compile(source, '@user_script')
    } catch (error) {
      if (error instanceof ReplyError) return error.message
      throw error
    }
    return 'it compiles'
  }
}

/** How a script is run. */
export interface ScriptStageOptions {
  readonly keys?: readonly string[]
  readonly args?: readonly string[]
  readonly protocol?: Protocol
}

/** The reply of a byte string. */
export function bulk(text: string): string {
  return `$${text.length}|${text}|`
}

/** Scripts and the replies they must get. */
export type ScriptTable = readonly (readonly [source: string, reply: string])[]

/** Runs each and compares. */
export function expectScripts(
  t: { equal(found: unknown, wanted: unknown, message: string): unknown },
  stage: ScriptStage,
  table: ScriptTable,
  options?: ScriptStageOptions,
): void {
  for (const [source, reply] of table) t.equal(stage.run(source, options), reply, source)
}
