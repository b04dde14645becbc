import t from 'tap'
import { parseSearch, type SearchForm } from '../../lib/commands/geo-request.ts'

const search: SearchForm = { center: 'option', store: 'none' }
const store: SearchForm = { center: 'option', store: 'argument' }
const circle: SearchForm = { center: 'place', store: 'option' }

function parsed(line: string, form: SearchForm) {
  return parseSearch(line.split(' '), undefined, form)
}

t.test('where to look', async (t) => {
  t.match(parsed('GEOSEARCH k BYBOX 1 2 km FROMLONLAT 3 4 DESC', search), {
    area: {
      center: { longitude: 3, latitude: 4 },
      size: { widthMeters: 1000, heightMeters: 2000 },
    },
    metersPerUnit: 1000,
    order: 'falling',
    destination: undefined,
  })
  t.match(parsed('GEOSEARCHSTORE d k FROMLONLAT 3 4 BYRADIUS 5 m STOREDIST', store), {
    area: { size: { radiusMeters: 5 } },
    destination: 'd',
    storeDistance: true,
  })
  t.match(parsed('GEORADIUS k 3 4 5 m STOREDIST a STORE b COUNT 2 ANY', circle), {
    area: { center: { longitude: 3, latitude: 4 }, size: { radiusMeters: 5 } },
    destination: 'b',
    storeDistance: false,
    count: 2,
    any: true,
  })
  const member: SearchForm = { center: 'member', store: 'none' }
  t.match(parsed('GEORADIUSBYMEMBER_RO k m x y ASC', member), { area: undefined, order: 'rising' })
})

t.test('what does not fit is refused', async (t) => {
  const area = 'FROMLONLAT 3 4 BYRADIUS 5 m'
  const rows: [line: string, form: SearchForm, message: string][] = [
    [`GEOSEARCH k ${area} FROMMEMBER m`, search, 'ERR syntax error'],
    [`GEOSEARCH k ${area} BYBOX 1 1 m`, search, 'ERR syntax error'],
    [`GEOSEARCH k ${area} STOREDIST`, search, 'ERR syntax error'],
    [`GEOSEARCH k ${area} COUNT`, search, 'ERR syntax error'],
    [`GEOSEARCH k ${area} COUNT 0`, search, 'ERR COUNT must be > 0'],
    [`GEOSEARCH k ${area} ANY`, search, 'ERR the ANY argument requires COUNT argument'],
    [
      'geosearch k BYRADIUS 5 m',
      search,
      'ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for geosearch',
    ],
    [
      'GEOSEARCH k FROMLONLAT 3 4',
      search,
      'ERR exactly one of BYRADIUS and BYBOX can be specified for GEOSEARCH',
    ],
    [
      `GEOSEARCHSTORE d k ${area} WITHDIST`,
      store,
      'ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options',
    ],
    [
      'GEORADIUS k 3 4 5 m STORE d WITHHASH',
      circle,
      'ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options',
    ],
    ['GEORADIUS k 3 4 5 m FROMMEMBER m', circle, 'ERR syntax error'],
  ]
  for (const [line, form, message] of rows) t.throws(() => parsed(line, form), { message }, line)
})
