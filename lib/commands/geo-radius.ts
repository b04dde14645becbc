/**
 * The older commands that search for places, by circles alone, which GEOSEARCH can do as well since 6.2 (georadiusCommand
 * and its kin in geo.c).
 */
import { type Argument, double, type KeySpec, key, oneOf, string } from './argument.ts'
import { type Command, type CommandDeclaration, command } from './command.ts'
import { unitArgument } from './geo-argument.ts'
import type { SearchForm } from './geo-request.ts'
import { countArgument, detailArguments, orderArgument, search } from './geo-search.ts'

const centers = {
  place: [double('longitude'), double('latitude')],
  member: [string('member')],
} as const

const storeArguments: readonly Argument[] = [
  key('key', ['OW', 'update'], { token: 'STORE', optional: true }),
  key('key', ['OW', 'update'], { token: 'STOREDIST', optional: true }),
]

/** The destination may stand anywhere behind the radius. */
function keySpecsOf(startFrom: number, notes?: (keyword: string) => string): readonly KeySpec[] {
  const one = { type: 'range', lastKey: 0, keyStep: 1, limit: 0 } as const
  const destination = (keyword: string): KeySpec => ({
    ...(notes === undefined
      ? { flags: ['OW', 'update'] }
      : { notes: notes(keyword), flags: ['OW', 'update', 'incomplete'] }),
    begin: { type: 'keyword', keyword, startFrom },
    find: one,
  })
  return [
    { flags: ['RO', 'access'], begin: { type: 'index', index: 1 }, find: one },
    destination('STORE'),
    destination('STOREDIST'),
  ]
}

const lastWins = (keyword: string) =>
  `Incomplete because duplicate ${keyword} options use last-wins; fall back to georadiusGetKeys`

/** How the destination is described since 7.2. */
const storeChoice = oneOf(
  'store',
  [
    key('storekey', ['OW', 'update'], { token: 'STORE', displayText: 'key' }),
    key('storedistkey', ['OW', 'update'], { token: 'STOREDIST', displayText: 'key' }),
  ],
  { optional: true },
)

/** `history` is what was told of it before 7.2. */
function circling(
  own: Pick<CommandDeclaration, 'name' | 'since' | 'summary' | 'history'> & {
    readonly replacedBy: string
    readonly anySince?: string
  },
  { center, store }: SearchForm & { readonly center: 'place' | 'member' },
): Command {
  const { replacedBy, anySince, history, ...declaration } = own
  const stores = store === 'option'
  const startFrom = center === 'place' ? 6 : 5
  const args = [
    key('key', ['RO', 'access']),
    ...centers[center],
    double('radius'),
    unitArgument(),
    ...detailArguments,
    countArgument(anySince === undefined ? {} : { since: anySince }),
    orderArgument,
  ]
  return command({
    ...declaration,
    group: 'geo',
    complexity:
      'O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.',
    flags: stores ? ['write', 'denyoom'] : ['readonly'],
    categories: ['geo'],
    deprecated: { since: '6.2.0', replacedBy },
    history: [anyOption, unitCase],
    args: stores ? [...args, storeChoice] : args,
    ...(stores && { keySpecs: keySpecsOf(startFrom, lastWins) }),
    before: {
      '7.2.0': { history, ...(stores && { args: [...args, ...storeArguments] }) },
      ...(stores && { '8.0.0': { keySpecs: keySpecsOf(startFrom) } }),
    },
    run: (context, argv) => search(context, argv, { center, store }),
  })
}

const anyOption = ['6.2.0', '`ANY` beside `COUNT`.'] as const
const unitCase = ['7.0.0', 'Units in capital letters.'] as const

export const georadius = circling(
  {
    name: 'GEORADIUS',
    since: '3.2.0',
    summary: 'Returns or stores the members of a sorted set whose places lie in a circle.',
    history: [anyOption, unitCase],
    replacedBy: '`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument',
    anySince: '6.2.0',
  },
  { center: 'place', store: 'option' },
)

export const georadiusRo = circling(
  {
    name: 'GEORADIUS_RO',
    since: '3.2.10',
    summary: 'Returns the members of a sorted set whose places lie in a circle.',
    history: [anyOption],
    replacedBy: '`GEOSEARCH` with the `BYRADIUS` argument',
    anySince: '6.2.0',
  },
  { center: 'place', store: 'none' },
)

export const georadiusbymember = circling(
  {
    name: 'GEORADIUSBYMEMBER',
    since: '3.2.0',
    summary: 'Returns or stores the members of a sorted set whose places lie around a member.',
    history: [unitCase],
    replacedBy: '`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments',
  },
  { center: 'member', store: 'option' },
)

export const georadiusbymemberRo = circling(
  {
    name: 'GEORADIUSBYMEMBER_RO',
    since: '3.2.10',
    summary: 'Returns the members of a sorted set whose places lie around a member.',
    replacedBy: '`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments',
  },
  { center: 'member', store: 'none' },
)
