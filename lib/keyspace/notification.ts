/**
 * Classes of keyspace events and the letters that choose them (notify.c). A set of classes is a text of letters, as in
 * `notify-keyspace-events`: `K` and `E` say by which channels, `A` stands for all classes but key misses and new keys.
 */

/** The letter of each class of events. */
export const NotifyClass = {
  generic: 'g',
  string: '$',
  list: 'l',
  set: 's',
  hash: 'h',
  zset: 'z',
  expired: 'x',
  evicted: 'e',
  stream: 't',
  module: 'd',
  new: 'n',
  keyMiss: 'm',
} as const

/** One of the letters of {@link NotifyClass}. */
export type NotifyLetter = (typeof NotifyClass)[keyof typeof NotifyClass]

const ALL = 'g$lshzxetd'
const CHANNELS = 'KE'
const APART = 'mn'

/** The letters a value of `notify-keyspace-events` stands for, `A` spelled out; undefined if one is unknown. */
export function parseNotifyLetters(text: string): string | undefined {
  const letters = new Set(text.replaceAll('A', ALL))
  const known = ALL + CHANNELS + APART
  for (const letter of letters) if (!known.includes(letter)) return undefined
  return [...letters].join('')
}

/** The letters in the order and shape CONFIG GET shows them. */
export function formatNotifyLetters(letters: string): string {
  const chosen = (from: string) => [...from].filter((letter) => letters.includes(letter)).join('')
  const classes = chosen(ALL)
  return (classes === ALL ? 'A' : classes + chosen('n')) + chosen(CHANNELS) + chosen('m')
}
