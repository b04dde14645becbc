/**
 * The words behind `redis-memory-cluster node`, read as redis-server reads its own: a file or `-` for standard input,
 * then `--directive value ...`, which count as lines at the end of the file (main in server.c).
 */
import type { Bytes } from '../base/bytes.ts'
import { bytesOf } from '../base/bytes.ts'
import { Version } from '../base/version.ts'
import type { StartOptions } from '../host/options.ts'

/** What a command line asks a server to be. */
export interface ServerRequest {
  /** The file as it was given. */
  readonly path: string | undefined
  readonly readsStandardInput: boolean
  /** Lines of redis.conf. */
  readonly options: Bytes
  /** The version of Redis that it is. */
  readonly version?: StartOptions['version']
}

/** The line by which programs tell which Redis it is before they start it (version in server.c). */
export function identityOf(version?: ServerRequest['version']): string {
  const { v8 } = process.versions
  return `Redis server v=${new Version(version).text} sha=00000000:0 malloc=v8-${v8} bits=64 build=0`
}

/** Reads the words. */
export function serverRequestOf(
  words: readonly string[],
  version?: ServerRequest['version'],
): ServerRequest {
  const [first] = words
  const path = first === undefined || first.startsWith('-') ? undefined : first
  const rest = path === undefined ? words : words.slice(1)
  let readsStandardInput = false
  let options = ''
  // A name that stands alone takes the next word, whatever it looks like.
  let wantsValue = false
  for (const [i, word] of rest.entries()) {
    const next = rest[i + 1]
    if (word === '-' && (i + words.length - rest.length === 0 || next === undefined)) {
      readsStandardInput = true
    } else if (word.startsWith('--') && !wantsValue) {
      if (options !== '') options += '\n'
      options += `${bytesOf(word.slice(2))} `
      wantsValue = !/\S\s+\S/.test(word)
      const standsAlone = next === undefined || next.startsWith('--')
      if (word.trim().toLowerCase() === '--save' && standsAlone) {
        options += '""'
        wantsValue = false
      }
    } else {
      options += `${quoted(bytesOf(word))} `
      wantsValue = false
    }
  }
  return { path, readsStandardInput, options, version }
}

/** A word as redis.conf takes it whole. */
function quoted(word: Bytes): Bytes {
  const escaped = word.replace(/[\\"]|[^ -~]/g, (character) => {
    if (character === '\\' || character === '"') return `\\${character}`
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return `"${escaped}"`
}
