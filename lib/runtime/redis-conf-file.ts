/**
 * The redis.conf a server was started with, as CONFIG REWRITE replaces it: as a whole, so that a crash leaves the old or
 * the new one (rewriteConfigOverwriteFile).
 */
import { existsSync } from 'node:fs'
import type { Bytes } from '../base/bytes.ts'
import type { ConfigFile } from '../node/config/config.ts'
import { readTextFile, replaceTextFile } from './text-file.ts'

/** One file. */
export class RedisConfFile implements ConfigFile {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  read(): Bytes {
    return existsSync(this.#path) ? readTextFile(this.#path) : ''
  }

  write(text: Bytes): void {
    replaceTextFile(this.#path, text)
  }
}
