/**
 * The manifest of an append-only file: which files it is made of, in which order they are loaded (aofManifest in aof.c). One
 * base, increments of rising sequence, and files that history has overtaken and that are still to be deleted.
 * Invariant: a manifest never changes; each step makes the next one, which holds once it is on disk.
 */
import type { Bytes } from '../base/bytes.ts'
import { quoteWord } from '../base/quote.ts'
import { splitArguments } from '../resp/inline.ts'

/** What a file of the manifest is there for. */
export type AofFileType = 'base' | 'increment' | 'history'

/** A file of the manifest; `name` has no path. */
export interface AofFile {
  readonly name: Bytes
  readonly sequence: number
  readonly type: AofFileType
}

/** A manifest that cannot be followed. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError'
  /** Where it is, counted from 1; undefined when it is no line of its own. */
  readonly line: number | undefined
  readonly text: Bytes

  constructor(reason: string, line?: number, text: Bytes = '') {
    super(reason)
    this.line = line
    this.text = text
  }
}

/** Longest line, with its end. */
const LINE_MAX = 1024

const INVALID = 'Invalid AOF manifest file format'

const LETTERS: Readonly<Record<AofFileType, string>> = { base: 'b', history: 'h', increment: 'i' }
const TYPES = new Map(Object.entries(LETTERS).map(([type, letter]) => [letter, type]))

/** What a manifest is made of. */
interface ManifestParts {
  readonly base: AofFile | undefined
  /** Overtaken last, first. */
  readonly history: readonly AofFile[]
  readonly increments: readonly AofFile[]
  /** Of the last base and the last increment there were. */
  readonly baseSequence: number
  readonly incrementSequence: number
}

/** The files of one append-only file. */
export class Manifest implements ManifestParts {
  readonly base: AofFile | undefined
  readonly history: readonly AofFile[]
  readonly increments: readonly AofFile[]
  readonly baseSequence: number
  readonly incrementSequence: number

  constructor(parts: ManifestParts) {
    this.base = parts.base
    this.history = parts.history
    this.increments = parts.increments
    this.baseSequence = parts.baseSequence
    this.incrementSequence = parts.incrementSequence
  }

  /** Reads a manifest. Throws {@link ManifestError}. */
  static parse(text: Bytes): Manifest {
    if (text === '') throw new ManifestError('Found an empty AOF manifest')
    let manifest = NO_FILES
    const lines = text.split('\n')
    for (const [i, line] of lines.entries()) {
      const isLast = i === lines.length - 1
      if (isLast && line === '') break
      if (isLast || line.length >= LINE_MAX) {
        throw new ManifestError('The AOF manifest file contains too long line')
      }
      if (!line.startsWith('#')) manifest = manifest.#withLine(line.trim(), i + 1)
    }
    return manifest
  }

  #withLine(line: Bytes, number: number): Manifest {
    const refuse = (reason: string): never => {
      throw new ManifestError(reason, number, line)
    }
    const words = splitArguments(line) ?? []
    if (words.length < 6 || words.length % 2 === 1) refuse(INVALID)
    const facts = new Map<string, Bytes>()
    for (let i = 0; i < words.length; i += 2) {
      const name = (words[i] as Bytes).toLowerCase()
      const value = words[i + 1] as Bytes
      if (name === 'file' && value.includes('/')) refuse("File can't be a path, just a filename")
      facts.set(name, value)
    }
    const name = facts.get('file') ?? ''
    const sequence = Number.parseInt(facts.get('seq') ?? '', 10) || 0
    const letter = facts.get('type')?.charAt(0) ?? ''
    if (name === '' || sequence === 0 || letter === '') refuse(INVALID)
    const type = TYPES.get(letter) as AofFileType | undefined
    if (type === undefined) return refuse('Unknown AOF file type')
    const file = { name, sequence, type }
    switch (type) {
      case 'base':
        if (this.base !== undefined) refuse('Found duplicate base file information')
        return this.#with({ base: file, baseSequence: sequence })
      case 'history':
        return this.#with({ history: [...this.history, file] })
      case 'increment':
        if (sequence <= this.incrementSequence) refuse('Found a non-monotonic sequence number')
        return this.#with({
          increments: [...this.increments, file],
          incrementSequence: sequence,
        })
    }
  }

  #with(parts: Partial<ManifestParts>): Manifest {
    const { base, history, increments, baseSequence, incrementSequence } = this
    return new Manifest({
      base,
      history,
      increments,
      baseSequence,
      incrementSequence,
      ...parts,
    })
  }

  /** As it is kept. */
  get text(): Bytes {
    const files = [...(this.base === undefined ? [] : [this.base]), ...this.history]
    return [...files, ...this.increments]
      .map(({ name, sequence, type }) => {
        const word = /^[!#-[\]-~]*$/.test(name) ? name : quoteWord(name)
        return `file ${word} seq ${sequence} type ${LETTERS[type]}\n`
      })
      .join('')
  }

  /** What is loaded, in its order. */
  get files(): readonly AofFile[] {
    return this.base === undefined ? this.increments : [this.base, ...this.increments]
  }

  get isEmpty(): boolean {
    return this.base === undefined && this.increments.length === 0
  }

  /** The increment that grows. */
  get lastIncrement(): AofFile | undefined {
    return this.increments.at(-1)
  }

  /** The file from before there were manifests, as the base (aofUpgradePrepare). */
  withOldFile(name: Bytes): Manifest {
    return this.#with({ base: { name, sequence: 1, type: 'base' }, baseSequence: 1 })
  }

  /** With a new base; the one before is history. */
  withNewBase(stem: Bytes, format: 'rdb' | 'aof'): Manifest {
    const sequence = this.baseSequence + 1
    const base: AofFile = { name: `${stem}.${sequence}.base.${format}`, sequence, type: 'base' }
    const history = this.base === undefined ? this.history : [past(this.base), ...this.history]
    return this.#with({ base, baseSequence: sequence, history })
  }

  /** With one more increment. */
  withNewIncrement(stem: Bytes): Manifest {
    const sequence = this.incrementSequence + 1
    const file: AofFile = { name: `${stem}.${sequence}.incr.aof`, sequence, type: 'increment' }
    return this.#with({ increments: [...this.increments, file], incrementSequence: sequence })
  }

  /** Increments that the base holds are history: all, or all but the last (markRewrittenIncrAofAsHistory). */
  withoutRewritten({ keepsLast }: { readonly keepsLast: boolean }): Manifest {
    const kept = keepsLast ? this.increments.slice(-1) : []
    const rewritten = this.increments.slice(0, this.increments.length - kept.length)
    return this.#with({
      increments: kept,
      history: [...rewritten.reverse().map(past), ...this.history],
    })
  }

  /** Nothing is left to delete. */
  withoutHistory(): Manifest {
    return this.#with({ history: [] })
  }
}

function past(file: AofFile): AofFile {
  return { ...file, type: 'history' }
}

/** A manifest without files. */
export const NO_FILES = new Manifest({
  base: undefined,
  history: [],
  increments: [],
  baseSequence: 0,
  incrementSequence: 0,
})
