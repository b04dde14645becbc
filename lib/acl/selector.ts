/**
 * A selector: commands, keys and channels that go together (aclSelector in acl.c). A request is permitted when one
 * selector of its user permits all of it. Invariant: what names all keys, or all channels, has no patterns beside.
 */
import type { Bytes } from '../base/bytes.ts'
import { globMatch } from '../base/glob.ts'
import type { KeyFlag } from '../commands/argument.ts'
import type { CommandTable } from '../commands/table.ts'
import { CommandSet } from './command-set.ts'

/** What may be done to a key. */
export interface KeyAccess {
  readonly reads: boolean
  readonly writes: boolean
}

/** Keys by a glob over their names. */
export interface KeyPattern extends KeyAccess {
  readonly pattern: Bytes
}

/** Permissions that go together; none at first. */
export class Selector {
  readonly commands: CommandSet
  #allKeys = false
  #keyPatterns: KeyPattern[] = []
  #allChannels: boolean
  #channelPatterns: Bytes[] = []

  constructor(
    from:
      | { readonly table: CommandTable; readonly allChannels: boolean }
      | { readonly of: Selector },
  ) {
    if ('of' in from) {
      this.commands = from.of.commands.copy()
      this.#allKeys = from.of.#allKeys
      this.#keyPatterns = [...from.of.#keyPatterns]
      this.#allChannels = from.of.#allChannels
      this.#channelPatterns = [...from.of.#channelPatterns]
    } else {
      this.commands = new CommandSet(from.table)
      this.#allChannels = from.allChannels
    }
  }

  /** It permits everything. */
  get isUnrestricted(): boolean {
    return this.#allKeys && this.#allChannels && this.commands.isWhole
  }

  get allKeys(): boolean {
    return this.#allKeys
  }

  get keyPatterns(): readonly KeyPattern[] {
    return this.#keyPatterns
  }

  get allChannels(): boolean {
    return this.#allChannels
  }

  get channelPatterns(): readonly Bytes[] {
    return this.#channelPatterns
  }

  /** All keys, or none. */
  resetKeys(all: boolean): void {
    this.#allKeys = all
    this.#keyPatterns = []
  }

  /** All channels, or none. */
  resetChannels(all: boolean): void {
    this.#allChannels = all
    this.#channelPatterns = []
  }

  /** Permits more to be done to the keys of a pattern. */
  addKeys({ pattern, reads, writes }: KeyPattern): void {
    const at = this.#keyPatterns.findIndex((known) => known.pattern === pattern)
    const known = this.#keyPatterns[at]
    if (known === undefined) this.#keyPatterns.push({ pattern, reads, writes })
    else {
      this.#keyPatterns[at] = {
        pattern,
        reads: reads || known.reads,
        writes: writes || known.writes,
      }
    }
  }

  addChannels(pattern: Bytes): void {
    if (!this.#channelPatterns.includes(pattern)) this.#channelPatterns.push(pattern)
  }

  /** A command may do to this key what its flags say. */
  permitsKey(key: Bytes, flags: readonly KeyFlag[]): boolean {
    if (this.#allKeys) return true
    const wanted = accessOf(flags)
    return this.#keyPatterns.some((known) => covers(known, wanted) && globMatch(known.pattern, key))
  }

  /** It may do this to any key whatever. */
  permitsEveryKey(wanted: KeyAccess): boolean {
    if (this.#allKeys) return true
    return this.#keyPatterns.some((known) => known.pattern === '*' && covers(known, wanted))
  }

  /** A pattern to subscribe to has to be one of ours, letter by letter. */
  permitsChannel(name: Bytes, isPattern: boolean): boolean {
    if (this.#allChannels) return true
    return this.#channelPatterns.some((known) =>
      isPattern ? known === name : globMatch(known, name),
    )
  }
}

/** What a command wants that has these flags for a key; nothing in particular when it only asks whether it is there. */
function accessOf(flags: readonly KeyFlag[]): KeyAccess {
  return {
    reads: flags.includes('access'),
    writes: flags.includes('insert') || flags.includes('delete') || flags.includes('update'),
  }
}

function covers(has: KeyAccess, wanted: KeyAccess): boolean {
  return (has.reads || !wanted.reads) && (has.writes || !wanted.writes)
}
