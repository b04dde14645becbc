/**
 * The configuration of one node: the value of every directive, read from redis.conf, changed by CONFIG SET, watched by the
 * rooms it concerns. Invariant: CONFIG SET changes all or nothing; whoever refuses a new value finds the old one in place
 * (configSetCommand in config.c).
 */
import { assert } from '../../base/assert.ts'
import type { Bytes } from '../../base/bytes.ts'
import { globMatch } from '../../base/glob.ts'
import { Version } from '../../base/version.ts'
import type { ConfigPort } from '../../commands/context.ts'
import { splitArguments } from '../../resp/inline.ts'
import { errors, ReplyError } from '../../resp/reply-error.ts'
import {
  ConfigError,
  type ConfigLine,
  type IncludeReader,
  parseConfigText,
  UNBALANCED,
} from './config-text.ts'
import { type Directive, directivesAt } from './directive.ts'
import { type RewrittenDirective, rewriteConfigText } from './rewrite.ts'
import { ConfigRefusal } from './value-type.ts'

/** The file the node was started with. */
export interface ConfigFile {
  /** Its text; empty when it is gone. */
  read(): Bytes
  /** Replaces it as a whole. Throws an Error whose message is the system's reason: `Permission denied`. */
  write(text: Bytes): void
}

/** Hears of a new value; throws {@link ConfigRefusal} when it cannot be, before anything has changed by it. */
export type ChangeHook = (value: Bytes, previous: Bytes) => void

interface Setting {
  readonly directive: Directive
  readonly value: Bytes
  /** NaN unless the value is one. */
  readonly number: number
  /** A line of the file has named it. */
  readonly isGiven: boolean
}

/** Directives of redis.conf that older versions knew and that have no effect any more. */
const WITHOUT_EFFECT = new Set([
  'list-max-ziplist-entries',
  'list-max-ziplist-value',
  'lua-replicate-commands',
])

/** Directives of redis.conf that this server cannot follow, with the reason to refuse them. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  loadmodule: 'Modules are not supported',
  sentinel: 'sentinel directive while not in sentinel mode',
}

/** Their values are words, of a name and rules or of two names, which no other value is where values come as pairs. */
const OF_WORDS = new Set(['rename-command', 'user'])

/** The directives of a version, and what all its nodes start with, by the directive's name and its older one. */
interface Defaults {
  readonly directives: readonly Directive[]
  readonly settings: ReadonlyMap<string, Setting>
}

/** By version: a thread that hosts one node after the other makes them once. */
const defaults = new Map<string, Defaults>()

/** All directives with their values. */
export class Config implements ConfigPort {
  readonly #defaults: Defaults
  /** Settings that are not the defaults any more: few of so many. */
  readonly #changed = new Map<Directive, Setting>()
  readonly #hooks = new Map<Directive, ChangeHook[]>()
  readonly #file: ConfigFile | undefined
  readonly #userLines: ConfigLine[] = []
  readonly #renameLines: ConfigLine[] = []
  /** The users as CONFIG REWRITE writes them, each `<name> <rules>`; undefined leaves their lines as they are. */
  describeUsers: () => readonly Bytes[] | undefined = () => undefined
  /** A dataset is being loaded: some directives cannot change meanwhile. */
  loading = false

  /** All defaults of a version, 7.0 unless told otherwise. `file` is where CONFIG REWRITE writes. */
  constructor(file?: ConfigFile, version: Version = new Version('7.0')) {
    this.#file = file
    this.#defaults = defaultsAt(version)
  }

  /** Takes the directives of a redis.conf. Throws {@link ConfigError} at the first line that is wrong. */
  load(text: Bytes, include?: IncludeReader): void {
    for (const line of parseConfigText(text, include)) this.#apply(line, splitAsLine)
    this.#checkWhole()
  }

  /** Takes names with values as CONFIG SET spells them, immutable ones too. Throws {@link ConfigError}. */
  loadPairs(pairs: Iterable<readonly [name: string, value: Bytes]>): void {
    let number = 0
    for (const [name, value] of pairs) {
      const line = { line: ++number, text: `${name} ${value}`, words: [] }
      const words = OF_WORDS.has(name.toLowerCase()) ? splitArguments(value) : [value]
      if (words === undefined) throw new ConfigError(UNBALANCED, line)
      this.#apply({ ...line, words: [name.toLowerCase(), ...words] })
    }
    this.#checkWhole()
  }

  #apply(line: ConfigLine, split: WordSplit = splitAtSpaces): void {
    const [name = '', ...words] = line.words
    const setting = this.#find(name)
    if (setting === undefined) {
      if (WITHOUT_EFFECT.has(name) && words.length === 1) return
      if (name === 'user' && words.length > 0) {
        this.#userLines.push(line)
        return
      }
      if (name === 'rename-command' && words.length === 2) {
        this.#renameLines.push(line)
        return
      }
      throw new ConfigError(UNSUPPORTED[name] ?? 'Bad directive or wrong number of arguments', line)
    }
    try {
      const value = this.#parse(setting, words, split, { repeated: setting.isGiven })
      this.#store(setting, value, true)
    } catch (error) {
      if (error instanceof ConfigRefusal) throw new ConfigError(error.message, line)
      throw error
    }
  }

  /** The lines about users, in their order. Whether they can be followed is for access control to say. */
  get userLines(): readonly ConfigLine[] {
    return this.#userLines
  }

  /** The lines that give commands other names, in their order. Whether they can is for the table to say. */
  get renameLines(): readonly ConfigLine[] {
    return this.#renameLines
  }

  #checkWhole(): void {
    if (this.boolean('cluster-enabled') && this.text('replicaof') !== '') {
      throw new ConfigError('replicaof directive not allowed in cluster mode')
    }
  }

  #parse(
    setting: Setting,
    words: readonly Bytes[],
    split: WordSplit,
    line?: { readonly repeated: boolean },
  ): Bytes {
    const { type, clamp } = setting.directive
    const [only = ''] = words
    const parts = type.takesWords && words.length === 1 ? split(only) : words
    const context = { current: setting.value, ...(line === undefined ? {} : { line }) }
    const value = type.parse(parts, context)
    if (clamp === undefined || type.numberOf === undefined) return value
    const number = type.numberOf(value)
    const clamped = clamp(number, line === undefined ? 'command' : 'file')
    return clamped === number ? value : `${clamped}`
  }

  #store({ directive, isGiven }: Setting, value: Bytes, isGivenNow = isGiven): void {
    this.#changed.set(directive, settingOf(directive, value, isGivenNow))
  }

  #find(name: string): Setting | undefined {
    const initial = this.#defaults.settings.get(name)
    return initial && (this.#changed.get(initial.directive) ?? initial)
  }

  #setting(name: string): Setting {
    const setting = this.#find(name)
    assert(setting !== undefined, `${name} is a configuration directive`)
    return setting
  }

  /** Calls `hook` whenever CONFIG SET gives this directive another value. */
  onChange(name: string, hook: ChangeHook): void {
    const { directive } = this.#setting(name)
    const hooks = this.#hooks.get(directive)
    if (hooks === undefined) this.#hooks.set(directive, [hook])
    else hooks.push(hook)
  }

  /** Puts a value that the node found out itself (a port the system picked), past checks and hooks. */
  assign(name: string, value: Bytes): void {
    this.#store(this.#setting(name), value)
  }

  match(globs: readonly Bytes[]): [name: Bytes, value: Bytes][] {
    const found = new Map<string, [Bytes, Bytes]>()
    for (const glob of globs) {
      const exact = /[*?[]/.test(glob) ? undefined : this.#find(glob.toLowerCase())
      if (exact !== undefined && !found.has(glob.toLowerCase())) {
        found.set(glob.toLowerCase(), [glob, shown(exact)])
      }
      if (!/[*?[]/.test(glob)) continue
      for (const [name, { directive }] of this.#defaults.settings) {
        if (directive.hidden || found.has(name)) continue
        if (globMatch(glob, name, true)) found.set(name, [name, shown(this.#setting(name))])
      }
    }
    return [...found.values()]
  }

  set(
    pairs: readonly (readonly [name: Bytes, value: Bytes])[],
    { isLocal = false }: { readonly isLocal?: boolean } = {},
  ): () => void {
    const planned = this.#plan(pairs, isLocal)
    const before = new Map(planned.map(({ setting }) => [setting.directive, setting]))
    const done: (() => void)[] = []
    const undo = (): void => {
      for (const [directive, setting] of before) this.#changed.set(directive, setting)
      for (const step of done) step()
    }
    let at = ''
    try {
      for (const { name, setting, value } of planned) {
        at = name
        const current = this.#setting(setting.directive.name)
        this.#store(current, this.#parse(current, [value], splitAtSpaces))
      }
      for (const [directive, { value: previous }] of before) {
        const value = this.text(directive.name)
        if (value === previous) continue
        at = planned.find(({ setting }) => setting.directive === directive)?.name ?? ''
        for (const hook of this.#hooks.get(directive) ?? []) {
          hook(value, previous)
          done.push(() => hook(previous, value))
        }
      }
    } catch (error) {
      undo()
      throw error instanceof ConfigRefusal ? setFailed(at, error.message) : error
    }
    return undo
  }

  /** The settings that CONFIG SET names, refused before any value is looked at. */
  #plan(
    pairs: readonly (readonly [name: Bytes, value: Bytes])[],
    isLocal: boolean,
  ): { name: string; setting: Setting; value: Bytes }[] {
    const names = new Set<string>()
    return pairs.map(([given, value]) => {
      const name = given.toLowerCase()
      const setting = this.#find(name)
      if (setting === undefined) {
        throw new ReplyError(
          `ERR Unknown option or number of arguments for CONFIG SET - '${given}'`,
        )
      }
      const { change, deniedWhileLoading } = setting.directive
      if (change === 'at start') throw setFailed(given, "can't set immutable config")
      if (change === 'protected' && !this.#allowsProtected(isLocal)) {
        throw setFailed(given, "can't set protected config")
      }
      if (deniedWhileLoading && this.loading) throw errors.loading
      if (names.has(name)) throw setFailed(given, 'duplicate parameter')
      names.add(name)
      return { name, setting, value }
    })
  }

  #allowsProtected(isLocal: boolean): boolean {
    const setting = this.text('enable-protected-configs')
    return setting === 'yes' || (setting === 'local' && isLocal)
  }

  rewrite({ all = false }: { readonly all?: boolean } = {}): void {
    if (this.#file === undefined) {
      throw new ReplyError('ERR The server is running without a config file')
    }
    const written: RewrittenDirective[] = this.#defaults.directives.map((directive) => ({
      name: directive.name,
      lines: this.#spell(directive).map(({ text, forced }) => ({ text, forced: forced || all })),
    }))
    const users = this.describeUsers()
    if (users !== undefined) {
      written.push({ name: 'user', lines: users.map((text) => ({ text, forced: true })) })
    }
    const text = rewriteConfigText(this.#file.read(), written, (word) =>
      word === 'user' && users !== undefined
        ? word
        : this.#defaults.settings.get(word)?.directive.name,
    )
    try {
      this.#file.write(text)
    } catch (error) {
      throw new ReplyError(`ERR Rewriting config file: ${(error as Error).message}`)
    }
  }

  #spell({ name, type, initial }: Directive) {
    // A replica of a cluster finds its master in nodes.conf.
    if (name === 'replicaof' && this.boolean('cluster-enabled')) return []
    return type.spell(this.text(name), initial)
  }

  /** Whether this version knows a directive. */
  knows(name: string): boolean {
    return this.#defaults.settings.has(name)
  }

  number(name: string): number {
    const { number } = this.#setting(name)
    assert(!Number.isNaN(number), `${name} is a number`)
    return number
  }

  boolean(name: string): boolean {
    return this.#setting(name).value === 'yes'
  }

  text(name: string): Bytes {
    return this.#setting(name).value
  }
}

function defaultsAt(version: Version): Defaults {
  const known = defaults.get(version.text)
  if (known !== undefined) return known
  const directives = directivesAt(version)
  const settings = new Map<string, Setting>()
  for (const directive of directives) {
    const setting = settingOf(directive, directive.initial, false)
    settings.set(directive.name, setting)
    if (directive.olderName !== undefined) settings.set(directive.olderName, setting)
  }
  const made = { directives, settings }
  defaults.set(version.text, made)
  return made
}

function settingOf(directive: Directive, value: Bytes, isGiven: boolean): Setting {
  return { directive, value, number: directive.type.numberOf?.(value) ?? Number.NaN, isGiven }
}

/** A value as CONFIG GET shows it. */
function shown({ directive, value }: Setting): Bytes {
  return directive.type.show?.(value) ?? value
}

/** What CONFIG SET replies when a directive cannot have its new value. */
export function setFailed(name: Bytes, reason: string): ReplyError {
  return new ReplyError(
    `ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`,
  )
}

/** How a directive of several words reads them from one. */
type WordSplit = (text: Bytes) => Bytes[]

/** The words of a redis.conf's line, or of an option, that gives all of them as one; none when they are not well quoted. */
function splitAsLine(text: Bytes): Bytes[] {
  const words = splitArguments(text) ?? []
  // An empty word is how no words at all are spelled.
  return words.length === 1 && words[0] === '' ? [] : words
}

/** Parts between single spaces; none of an empty text (sdssplitlen). */
function splitAtSpaces(text: Bytes): Bytes[] {
  return text === '' ? [] : text.split(' ')
}
