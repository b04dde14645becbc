/**
 * The redis.conf a server was started with, as CONFIG REWRITE replaces it: as a whole, so that a crash leaves the old or
 * the new one (rewriteConfigOverwriteFile).
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { Bytes } from '../base/bytes.ts'
import type { ConfigFile } from '../node/config/config.ts'
import { reasonOf } from './system-error.ts'

/** One file. */
export class RedisConfFile implements ConfigFile {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  read(): Bytes {
    try {
      return readFileSync(this.#path, 'latin1')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
      throw new Error(reasonOf(error))
    }
  }

  write(text: Bytes): void {
    const temporary = `${this.#path}.${process.pid}.tmp`
    try {
      writeFileSync(temporary, text, { encoding: 'latin1', mode: 0o644, flush: true })
      renameSync(temporary, this.#path)
    } catch (error) {
      rmSync(temporary, { force: true })
      throw new Error(reasonOf(error))
    }
  }
}
