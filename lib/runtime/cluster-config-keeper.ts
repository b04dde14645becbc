/**
 * Keeps the nodes.conf of a node, in its file or with the host that remembers for a node without one. Invariant: what had to be
 * kept when the call returned is kept, or the node ends; the rest is kept with the next tick, or with what comes first
 * (CLUSTER_TODO_SAVE_CONFIG, clusterSaveConfigOrDie).
 */
import type { Bytes } from '../base/bytes.ts'
import type { ConfigKeeping, LogLevel } from '../node/io.ts'
import type { ClusterConfigFile } from './cluster-config-file.ts'
import { reasonOf } from './system-error.ts'

/** What it is made of. */
export interface ClusterConfigKeeperParts {
  /** Undefined when the node keeps everything in memory. */
  readonly file: ClusterConfigFile | undefined
  /** Gives the text to the host, for a node without a file. */
  readonly giveToHost: (text: Bytes) => void
  readonly log: (level: LogLevel, text: string) => void
}

/** Keeps the nodes.conf of one node. */
export class ClusterConfigKeeper {
  readonly #file: ClusterConfigFile | undefined
  readonly #giveToHost: (text: Bytes) => void
  readonly #log: ClusterConfigKeeperParts['log']
  /** Makes the text that is still to be kept. */
  #unsaved: (() => Bytes) | undefined

  constructor({ file, giveToHost, log }: ClusterConfigKeeperParts) {
    this.#file = file
    this.#giveToHost = giveToHost
    this.#log = log
  }

  /** What the node starts from: the text it was given, which is kept, or the one it kept. Throws Node's error. */
  restore(given: Bytes | undefined): Bytes | undefined {
    if (given !== undefined) this.#file?.write(given, true)
    return given ?? this.#file?.read()
  }

  /** Keeps what `describe` says then. Throws Node's error when it cannot, and the node must not go on. */
  save(describe: () => Bytes, how: ConfigKeeping): void {
    this.#unsaved = describe
    if (how !== 'soon') this.#write(how === 'synced')
  }

  /** Keeps what was to be kept soon; throws as {@link save}. */
  saveDue(): void {
    this.#write(false)
  }

  /** Keeps this text before it returns; if that cannot be, it tells why, in the system's words. */
  keep(text: Bytes): string | undefined {
    this.#unsaved = () => text
    try {
      this.#tryToWrite(true)
      return undefined
    } catch (error) {
      return reasonOf(error)
    }
  }

  /** A node that ends does not mind that its directory has gone before it. */
  saveLast(): void {
    try {
      this.#tryToWrite(false)
    } catch (error) {
      this.#log('warning', `Could not save the cluster config: ${(error as Error).message}`)
    }
  }

  #write(sync: boolean): void {
    try {
      this.#tryToWrite(sync)
    } catch (error) {
      // A vote that cannot be kept must not be given.
      this.#log('warning', "Fatal: can't update cluster config file.")
      throw error
    }
  }

  #tryToWrite(sync: boolean): void {
    if (this.#unsaved === undefined) return
    const text = this.#unsaved()
    this.#unsaved = undefined
    if (this.#file === undefined) this.#giveToHost(text)
    else this.#file.write(text, sync)
  }
}
