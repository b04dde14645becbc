/**
 * Configuration values with a structure of their own: save points, output buffer limits, addresses, percentiles and
 * the like (the special configs at the end of config.c). Numbers in them are read as C's `strtol` does: blanks and a sign
 * may lead, an empty word is 0.
 */
import type { Bytes } from '../../base/bytes.ts'
import { parseMemory, spellMemory } from '../../base/memory-size.ts'
import { parseDouble } from '../../base/numbers.ts'
import { quoteWord } from '../../base/quote.ts'
import { formatNotifyLetters, parseNotifyLetters } from '../../keyspace/notification.ts'
import { ConfigRefusal, oneWord, type ValueType } from './value-type.ts'

/** The integer at the whole of a word, saturated to 64 bits; undefined when there is anything else in it. */
function strtol(word: Bytes): bigint | undefined {
  const [, sign, digits] = /^[ \t-\r]*([+-]?)(\d+)$/.exec(word) ?? []
  if (digits === undefined) return word === '' ? 0n : undefined
  const value = BigInt(digits)
  if (sign === '-') return value > 2n ** 63n ? -(2n ** 63n) : -value
  return value >= 2n ** 63n ? 2n ** 63n - 1n : value
}

/** The text's items, `size` words each. */
function grouped(text: Bytes, size: number): Bytes[][] {
  const words = text === '' ? [] : text.split(' ')
  return Array.from({ length: words.length / size }, (_, i) =>
    words.slice(i * size, i * size + size),
  )
}

/** `save`: pairs of seconds and changes. Lines of a file add up until an empty one. */
export const savePoints: ValueType = {
  takesWords: true,
  parse(words, { current, line }) {
    if (words.length % 2 !== 0) throw new ConfigRefusal('Invalid save parameters')
    const points: Bytes[] = []
    for (let i = 0; i < words.length; i += 2) {
      const seconds = strtol(words[i] as Bytes)
      const changes = strtol(words[i + 1] as Bytes)
      if (seconds === undefined || seconds < 1n || changes === undefined || changes < 0n) {
        throw new ConfigRefusal('Invalid save parameters')
      }
      points.push(`${seconds} ${BigInt.asIntN(32, changes)}`)
    }
    const adds = line?.repeated === true && points.length > 0 && current !== ''
    return [...(adds ? [current] : []), ...points].join(' ')
  },
  spell: (text) =>
    text === ''
      ? [{ text: '""', forced: true }]
      : grouped(text, 2).map((point) => ({ text: point.join(' '), forced: true })),
}

const CLASSES = ['normal', 'slave', 'pubsub']

/** Limits of one class of clients, bytes and seconds; 0 is none. */
export interface OutputLimit {
  readonly hardBytes: number
  readonly softBytes: number
  readonly softSeconds: number
}

/** `client-output-buffer-limit`: hard limit, soft limit and its seconds for classes of clients. Other classes stay. */
export const outputLimits: ValueType = {
  takesWords: true,
  parse(words, { current }) {
    if (words.length % 4 !== 0) {
      throw new ConfigRefusal('Wrong number of arguments in buffer limit configuration.')
    }
    const limits = new Map(grouped(current, 4).map(([name = '', ...limit]) => [name, limit]))
    for (let i = 0; i < words.length; i += 4) {
      const [given = '', ...limit] = words.slice(i, i + 4)
      const name = given.toLowerCase() === 'replica' ? 'slave' : given.toLowerCase()
      if (!CLASSES.includes(name)) {
        throw new ConfigRefusal('Invalid client class specified in buffer limit configuration.')
      }
      limits.set(name, parseLimit(limit))
    }
    return CLASSES.map((name) => [name, ...(limits.get(name) ?? [])].join(' ')).join(' ')
  },
  spell(text, initial) {
    const before = grouped(initial, 4)
    return grouped(text, 4).map(([name = '', hard = '0', soft = '0', seconds = '0'], i) => {
      const shown = name === 'slave' ? 'replica' : name
      return {
        text: `${shown} ${spellMemory(hard)} ${spellMemory(soft)} ${seconds}`,
        forced: before[i]?.join(' ') !== [name, hard, soft, seconds].join(' '),
      }
    })
  },
}

function parseLimit([hardWord = '', softWord = '', secondsWord = '']: readonly Bytes[]): Bytes[] {
  const hard = parseMemory(hardWord)
  const soft = parseMemory(softWord)
  const seconds = strtol(secondsWord)
  const valid = seconds !== undefined && seconds >= 0n && seconds < 2n ** 63n - 1n
  if (hard === undefined || soft === undefined || !valid) {
    throw new ConfigRefusal(
      'Error in hard, soft or soft_seconds setting in buffer limit configuration.',
    )
  }
  return [`${hard}`, `${soft}`, `${seconds}`]
}

/** The limits in a value of `client-output-buffer-limit`. */
export function outputLimitsOf(
  text: Bytes,
): Readonly<Record<'normal' | 'replica' | 'pubsub', OutputLimit>> {
  const [normal, replica, pubsub] = grouped(text, 4).map(([, hard, soft, seconds]) => ({
    hardBytes: Number(hard),
    softBytes: Number(soft),
    softSeconds: Number(seconds),
  }))
  const none: OutputLimit = { hardBytes: 0, softBytes: 0, softSeconds: 0 }
  return { normal: normal ?? none, replica: replica ?? none, pubsub: pubsub ?? none }
}

const SCORES = { count: 3, max: 2000n }

/** `oom-score-adj-values`: for the master, for replicas, for children. */
export const oomScores: ValueType = {
  takesWords: true,
  parse(words) {
    if (words.length !== SCORES.count) throw new ConfigRefusal('wrong number of arguments')
    const scores = words.map(strtol)
    if (
      !scores.every((score) => score !== undefined && score >= -SCORES.max && score <= SCORES.max)
    ) {
      throw new ConfigRefusal(
        'Invalid oom-score-adj-values, elements must be between -2000 and 2000.',
      )
    }
    return scores.join(' ')
  },
  spell: (text, initial) => [{ text, forced: text !== initial }],
}

/** `latency-tracking-info-percentiles`: any number of percentages. */
export const percentiles: ValueType = {
  takesWords: true,
  parse(words) {
    const shown = words.map((word) => {
      const value = parseDouble(word)
      if (value === undefined) {
        throw new ConfigRefusal('Invalid latency-tracking-info-percentiles parameters')
      }
      if (value < 0 || value > 100) {
        throw new ConfigRefusal(
          'latency-tracking-info-percentiles parameters should sit between [0.0,100.0]',
        )
      }
      return value.toFixed(6).replace(/\.?0+$/, '')
    })
    return shown.join(' ')
  },
  spell: (text) => [{ text: text === '' ? '""' : text, forced: true }],
}

const MAX_ADDRESSES = 16

/** `bind`: addresses to listen at. */
export const addresses: ValueType = {
  takesWords: true,
  parse(words) {
    if (words.length > MAX_ADDRESSES) throw new ConfigRefusal('Too many bind addresses specified.')
    return words.join(' ')
  },
  spell: (text, initial) => [{ text: text === '' ? '""' : text, forced: text !== initial }],
}

/** `notify-keyspace-events`: letters of classes and channels, `A` spelled out. */
export const keyspaceEvents: ValueType = {
  parse(words) {
    const letters = parseNotifyLetters(oneWord(words))
    if (letters === undefined) {
      throw new ConfigRefusal("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.")
    }
    return letters
  },
  show: formatNotifyLetters,
  spell: (text, initial) => [
    { text: quoteWord(formatNotifyLetters(text)), forced: text !== initial },
  ],
}

/** `replicaof`: host and port of the master, or `no one`. */
export const masterAddress: ValueType = {
  takesWords: true,
  parse(words) {
    const [host = '', port = ''] = words
    if (words.length !== 2) throw new ConfigRefusal('wrong number of arguments')
    if (host.toLowerCase() === 'no' && port.toLowerCase() === 'one') return ''
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
      throw new ConfigRefusal('Invalid master port')
    }
    return `${host} ${Number(port)}`
  },
  spell: (text) => (text === '' ? [] : [{ text, forced: true }]),
}

/** `dir`: written into every rewritten file. */
export const directory: ValueType = {
  parse: oneWord,
  spell: (text) => [{ text: quoteWord(text), forced: true }],
}
