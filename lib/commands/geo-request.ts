/**
 * What the commands that search for places are asked for (the first half of georadiusGeneric in geo.c). They share their
 * options; where the center, the radius and the destination are told differs.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Area } from '../data/geo-area.ts'
import type { Place } from '../data/geohash.ts'
import type { SortedSetValue } from '../data/sorted-set.ts'
import { errors, ReplyError } from '../resp/reply-error.ts'
import {
  boxArgument,
  type Measure,
  placeArgument,
  placeOfMember,
  radiusArgument,
} from './geo-argument.ts'
import { integerArgument } from './number-argument.ts'

/** How a command is told where to look and where to store what it finds. */
export interface SearchForm {
  /** The center as two arguments or as a member, with the radius behind it; or all as options. */
  readonly center: 'place' | 'member' | 'option'
  /** The destination is an option, the first argument, or nothing is stored. */
  readonly store: 'option' | 'argument' | 'none'
}

/** Where to look. */
interface Target {
  center?: Place
  measure?: Measure<Area['size']>
  /** Which option told the center and the shape; a member is not looked up without a sorted set. */
  from?: 'member' | 'place'
  by?: 'radius' | 'box'
}

/** What to do with what is found. */
interface Choice {
  order?: 'rising' | 'falling'
  /** 0 for all. */
  count: number
  /** The first that are found will do. */
  any: boolean
  withDistance: boolean
  withHash: boolean
  withPlace: boolean
  destination: Bytes | undefined
  storeDistance: boolean
}

/** A search. */
export interface SearchRequest extends Readonly<Choice> {
  /** Undefined where there is no sorted set to search. */
  readonly area: Area | undefined
  /** Of the unit in which distances are told. */
  readonly metersPerUnit: number
}

const badCount = new ReplyError('ERR COUNT must be > 0')
const anyWithoutCount = new ReplyError('ERR the ANY argument requires COUNT argument')

/** Options that are words of their own. */
const WORDS: Readonly<Record<string, Partial<Choice>>> = {
  WITHDIST: { withDistance: true },
  WITHHASH: { withHash: true },
  WITHCOORD: { withPlace: true },
  ANY: { any: true },
  ASC: { order: 'rising' },
  DESC: { order: 'falling' },
}

/** Reads all arguments behind the source, which is searched for the member that is the center. */
export function parseSearch(
  argv: readonly Bytes[],
  set: SortedSetValue | undefined,
  form: SearchForm,
): SearchRequest {
  const target: Target = {}
  const choice: Choice = {
    count: 0,
    any: false,
    withDistance: false,
    withHash: false,
    withPlace: false,
    destination: form.store === 'argument' ? argv[1] : undefined,
    storeDistance: false,
  }
  let at = readArguments(argv, set, form, target)
  while (at < argv.length) {
    at +=
      readChoice(argv, at, form, choice) ||
      (form.center === 'option' && readTarget(argv, at, set, target)) ||
      refuse()
  }
  check(argv, form, target, choice)
  const { center, measure } = target
  return {
    ...choice,
    area: center && measure && { center, size: measure.size },
    metersPerUnit: measure?.metersPerUnit ?? 1,
  }
}

function refuse(): never {
  throw errors.syntax
}

/** Reads center and radius where they are no options; returns where the options begin. */
function readArguments(
  argv: readonly Bytes[],
  set: SortedSetValue | undefined,
  { center, store }: SearchForm,
  target: Target,
): number {
  if (center === 'option') return store === 'argument' ? 3 : 2
  if (center === 'place') {
    target.center = placeArgument(argv, 2)
    target.measure = radiusArgument(argv, 4)
    return 6
  }
  if (set !== undefined) {
    target.center = placeOfMember(set, argv[2] as Bytes)
    target.measure = radiusArgument(argv, 3)
  }
  return 5
}

/** Reads an option that says what to do with what is found; returns how many words it takes, 0 for none. */
function readChoice(
  argv: readonly Bytes[],
  at: number,
  { store }: SearchForm,
  choice: Choice,
): number {
  const word = (argv[at] as Bytes).toUpperCase()
  const value = argv[at + 1]
  if (WORDS[word] !== undefined) {
    Object.assign(choice, WORDS[word])
    return 1
  }
  if (word === 'STOREDIST' && store === 'argument') {
    choice.storeDistance = true
    return 1
  }
  if (value === undefined) return 0
  if (word === 'COUNT') {
    choice.count = Number(integerArgument(value))
    if (choice.count <= 0) throw badCount
    return 2
  }
  if (store !== 'option' || (word !== 'STORE' && word !== 'STOREDIST')) return 0
  choice.destination = value
  choice.storeDistance = word === 'STOREDIST'
  return 2
}

/** Reads an option that says where to look; returns how many words it takes, 0 for none. */
function readTarget(
  argv: readonly Bytes[],
  at: number,
  set: SortedSetValue | undefined,
  target: Target,
): number {
  const left = argv.length - 1 - at
  switch ((argv[at] as Bytes).toUpperCase()) {
    case 'FROMMEMBER':
      if (left < 1 || target.from === 'place') return 0
      if (set !== undefined) target.center = placeOfMember(set, argv[at + 1] as Bytes)
      target.from = 'member'
      return 2
    case 'FROMLONLAT':
      if (left < 2 || target.from === 'member') return 0
      target.center = placeArgument(argv, at + 1)
      target.from = 'place'
      return 3
    case 'BYRADIUS':
      if (left < 2 || target.by === 'box') return 0
      target.measure = radiusArgument(argv, at + 1)
      target.by = 'radius'
      return 3
    case 'BYBOX':
      if (left < 3 || target.by === 'radius') return 0
      target.measure = boxArgument(argv, at + 1)
      target.by = 'box'
      return 4
    default:
      return 0
  }
}

function check(argv: readonly Bytes[], form: SearchForm, target: Target, choice: Choice): void {
  const { destination, withDistance, withHash, withPlace } = choice
  if (destination !== undefined && (withDistance || withHash || withPlace)) {
    const who = form.store === 'argument' ? 'GEOSEARCHSTORE' : 'STORE option in GEORADIUS'
    throw new ReplyError(
      `ERR ${who} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`,
    )
  }
  if (form.center === 'option' && target.from === undefined) {
    throw new ReplyError(
      `ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for ${argv[0]}`,
    )
  }
  if (form.center === 'option' && target.by === undefined) {
    throw new ReplyError(`ERR exactly one of BYRADIUS and BYBOX can be specified for ${argv[0]}`)
  }
  if (choice.any && choice.count === 0) throw anyWithoutCount
}
