/**
 * The files that an append-only file is made of, and the manifest that names them (the aofManifest functions of aof.c).
 * Invariant: `manifest` is what the disk says, and every file it names but history is there.
 */
import { Manifest, ManifestError, NO_FILES } from '../../aof/manifest.ts'
import { type Bytes, bytesIn } from '../../base/bytes.ts'
import type { Config } from '../config/config.ts'
import type { NodeFiles } from '../files.ts'
import type { NodeIo } from '../io.ts'

/** The data on disk cannot be used as it is. */
export class UnusableLogError extends Error {
  override readonly name = 'UnusableLogError'
}

/** The chain of files of one node. */
export class AofChain {
  readonly #config: Config
  readonly #io: NodeIo
  #manifest = NO_FILES

  constructor(config: Config, io: NodeIo) {
    this.#config = config
    this.#io = io
  }

  get manifest(): Manifest {
    return this.#manifest
  }

  get #files(): NodeFiles {
    return this.#io.files
  }

  /** What all names begin with. */
  get stem(): Bytes {
    return this.#config.text('appendfilename')
  }

  get #directory(): Bytes {
    return this.#config.text('appenddirname')
  }

  path(name: Bytes): Bytes {
    return `${this.#directory}/${name}`
  }

  /** Where an increment begins whose base is not there yet. */
  get temporaryIncrement(): Bytes {
    return `temp-${this.stem}.incr`
  }

  /** The log hears why, and whoever asked an error. */
  refuse(line: string): never {
    this.#io.log('warning', line)
    throw new UnusableLogError(line)
  }

  /** Throws an Error when there can be no directory. */
  makeDirectory(): void {
    try {
      this.#files.makeDirectory(this.#directory)
    } catch (error) {
      this.refuse(
        `Can't open or create append-only dir ${this.#directory}: ${(error as Error).message}`,
      )
    }
  }

  /** Reads the manifest; without one there are no files. Throws {@link UnusableLogError}. */
  read(): void {
    this.#manifest = NO_FILES
    const path = this.path(`${this.stem}.manifest`)
    try {
      if (this.#files.sizeOf(path) === undefined) return
      this.#manifest = Manifest.parse(bytesIn(this.#files.read(path)))
    } catch (error) {
      if (!(error instanceof ManifestError)) {
        this.refuse(
          `Fatal error: can't open the AOF manifest file ${this.stem}.manifest for reading: ${(error as Error).message}`,
        )
      }
      this.#refuseManifest(error)
    }
  }

  #refuseManifest({ line, text, message }: ManifestError): never {
    const where = line === undefined ? [] : [`Reading the manifest file, at line ${line}`]
    const shown = line === undefined ? [] : [`>>> '${text}'`]
    for (const part of ['\n*** FATAL AOF MANIFEST FILE ERROR ***', ...where, ...shown, message]) {
      this.#io.log('warning', `${part}\n`)
    }
    const place = line === undefined ? '' : ` at line ${line} ('${text}')`
    throw new UnusableLogError(`the AOF manifest file cannot be followed${place}: ${message}`)
  }

  /** The next manifest holds. Throws an Error with the system's reason, and nothing has changed then. */
  keep(manifest: Manifest): void {
    this.#files.replace(this.path(`${this.stem}.manifest`), manifest.text)
    this.#manifest = manifest
  }

  /** Bytes of a file; throws {@link UnusableLogError} when it is not there. */
  sizeOf(name: Bytes): number {
    let reason = 'No such file or directory'
    try {
      const size = this.#files.sizeOf(this.path(name))
      if (size !== undefined) return size
    } catch (error) {
      reason = (error as Error).message
    }
    return this.refuse(`Unable to obtain the AOF file ${name} length. stat: ${reason}`)
  }

  /** Takes over a file from before there were manifests (aofUpgradePrepare); does nothing where there is none. */
  upgrade(): void {
    const { stem } = this
    const { base, increments, isEmpty } = this.#manifest
    if (this.#files.sizeOf(stem) === undefined) return
    const wasInterrupted =
      base?.name === stem &&
      increments.length === 0 &&
      this.#files.sizeOf(this.path(stem)) === undefined
    if (!isEmpty && !wasInterrupted) return
    this.makeDirectory()
    try {
      if (isEmpty) this.keep(this.#manifest.withOldFile(stem))
      this.#files.rename(stem, this.path(stem))
    } catch (error) {
      this.refuse(
        `Error trying to move the old AOF file ${stem} into dir ${this.#directory}: ${(error as Error).message}`,
      )
    }
    this.#io.log(
      'notice',
      `Successfully migrated an old-style AOF file (${stem}) into the AOF directory (${this.#directory}).`,
    )
  }

  /** Deletes what history has overtaken, unless the user collects it (aofDelHistoryFiles). */
  deleteHistory(): void {
    const { history } = this.#manifest
    if (history.length === 0) return
    // A later version knows no such directive, and always deletes.
    if (this.#config.knows(AUTO_GC_OFF) && this.#config.boolean(AUTO_GC_OFF)) return
    for (const { name } of history) this.remove('history file', name)
    try {
      this.keep(this.#manifest.withoutHistory())
    } catch (error) {
      this.#io.log('warning', `Fail to persist the AOF manifest: ${(error as Error).message}`)
    }
  }

  /** Deletes a file that nobody needs; that it stays does no harm. */
  remove(what: string, name: Bytes): void {
    this.#io.log('notice', `Removing the ${what} ${name} in the background`)
    try {
      this.#files.remove(this.path(name))
    } catch (error) {
      this.#io.log('warning', `Error trying to remove ${name}: ${(error as Error).message}`)
    }
  }
}

const AUTO_GC_OFF = 'aof-disable-auto-gc'
