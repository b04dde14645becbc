/** What is said about places. */
import type { Scenario } from '../differential.ts'

const SICILY = 'GEOADD {k}s 13.361389 38.115556 Palermo 15.087269 37.502669 Catania'

export const scenarios: readonly Scenario[] = [
  {
    name: 'added and asked for',
    lines: `
      ${SICILY}
      GEOADD {k}s 13.583333 37.316667 Agrigento
      GEOADD {k}s CH 13.6 37.3 Agrigento 1 1 new
      GEOADD {k}s NX 0 0 Agrigento
      GEOADD {k}s XX CH 0 0 Agrigento
      GEOADD {k}s XX NX 0 0 Agrigento
      GEOADD {k}s nx nx ch 0 0 Agrigento
      GEOADD {k}none XX 0 0 a
      EXISTS {k}none
      GEOADD {k}s 1 1
      GEOADD {k}s 1 1 a 2
      GEOADD {k}s NX CH XX
      GEOADD {k}s CH NX CH
      GEOADD {k}s x 1 a
      GEOADD {k}s 1 x a
      GEOADD {k}s 180.1 1 a
      GEOADD {k}s 1 85.06 a
      GEOADD {k}s 1 1 ok 200 100 a
      GEOADD {k}s inf -inf a
      GEOADD {k}s 1e30 0 a
      GEOADD {k}s 180.0078125 0 a
      ZSCORE {k}s ok
      GEOADD {k}edge 180 85.05112878 top -180 -85.05112878 bottom 180 0 east -180 0 west 0 0 middle
      ZRANGE {k}edge 0 -1 WITHSCORES
      GEOPOS {k}edge top bottom east west middle
      GEOHASH {k}edge top bottom east west middle
      ZRANGE {k}s 0 -1 WITHSCORES
      GEOPOS {k}s Palermo none Catania
      GEOPOS {k}s
      GEOPOS {k}none a b
      GEOPOS
      GEOHASH {k}s Palermo none Catania
      GEOHASH {k}s
      GEOHASH {k}none a
      GEODIST {k}s Palermo Catania
      GEODIST {k}s Palermo Catania m
      GEODIST {k}s Palermo Catania km
      GEODIST {k}s Palermo Catania FT
      GEODIST {k}s Palermo Catania Mi
      GEOADD {k}far -88.66978666511 -50.182800 south 60.565990 85.05112878 north 60.56599 85.0511 near
      GEODIST {k}far south north
      GEODIST {k}far south south
      GEODIST {k}far near north mi
      GEODIST {k}s Palermo Palermo
      GEODIST {k}s Palermo none
      GEODIST {k}none a b
      GEODIST {k}s Palermo Catania parsec
      GEODIST {k}none a b parsec
      GEODIST {k}s Palermo Catania km km
      GEODIST {k}s Palermo
      GEODIST {k}edge top bottom
      GEODIST {k}edge east west
      TYPE {k}s
      OBJECT ENCODING {k}s
    `,
  },
  {
    name: 'scores that are no places',
    lines: `
      ZADD {k}z -1 negative 1e300 huge inf infinite -inf low 0.5 half 4503599627370496 beyond
      ZADD {k}z 9007199254740993 more 1e19 large 18446744073709551615 most -1e19 least 1234567890123 one
      GEOPOS {k}z negative huge infinite low half beyond more large most least one
      GEOHASH {k}z half beyond one
      GEODIST {k}z half one
    `,
  },
  {
    name: 'searched',
    lines: `
      ${SICILY}
      GEOADD {k}s 12.758489 38.788135 edge1 17.241510 38.788135 edge2
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 km ASC
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 km DESC
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 KM
      GEOSEARCH {k}s FROMLONLAT 15 37 BYBOX 400 400 km ASC WITHCOORD WITHDIST WITHHASH
      GEOSEARCH {k}s FROMMEMBER Palermo BYRADIUS 200 km ASC WITHDIST
      GEOSEARCH {k}s FROMMEMBER Palermo BYBOX 400 100 km ASC WITHDIST
      GEOSEARCH {k}s fromlonlat 15 37 byradius 200 km asc withcoord
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 km WITHHASH ASC
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 km COUNT 1
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 km COUNT 1 ANY
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 km COUNT 1 ANY DESC
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 km COUNT 1 DESC
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 km COUNT 10 WITHDIST
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 0 m
      GEOSEARCH {k}s FROMMEMBER Palermo BYRADIUS 0 m
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 ft ASC
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 124.5 mi ASC WITHDIST
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 20000 km ASC
      GEOSEARCH {k}none FROMLONLAT 15 37 BYRADIUS 200 km ASC
      GEOSEARCH {k}none FROMMEMBER x BYRADIUS 200 km ASC
      GEOSEARCH {k}s FROMMEMBER x BYRADIUS 200 km ASC
      GEOSEARCH {k}s FROMLONLAT 15 37 FROMMEMBER Palermo BYRADIUS 200 km
      GEOSEARCH {k}s FROMMEMBER Palermo FROMLONLAT 15 37 BYRADIUS 200 km
      GEOSEARCH {k}s FROMMEMBER Palermo FROMMEMBER Catania BYRADIUS 1 m
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 km BYBOX 1 1 km
      GEOSEARCH {k}s FROMLONLAT 15 37 BYBOX 1 1 km BYRADIUS 200 km
      GEOSEARCH {k}s BYRADIUS 200 km ASC WITHDIST
      GEOSEARCH {k}s FROMLONLAT 15 37 ASC WITHDIST
      geosearch {k}s FROMLONLAT 15 37 ASC WITHDIST COUNT 1
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 km COUNT 0
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 km COUNT -1
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 km COUNT x
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 km COUNT
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 km ANY
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS x km
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS -1 km
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 1 parsec
      GEOSEARCH {k}s FROMLONLAT 15 37 BYBOX x 1 km
      GEOSEARCH {k}s FROMLONLAT 15 37 BYBOX 1 x km
      GEOSEARCH {k}s FROMLONLAT 15 37 BYBOX -1 1 km
      GEOSEARCH {k}s FROMLONLAT 15 37 BYBOX 1 -1 km
      GEOSEARCH {k}s FROMLONLAT 15 37 BYBOX 1 1 x
      GEOSEARCH {k}s FROMLONLAT 15 x BYBOX 1 1 km
      GEOSEARCH {k}s FROMLONLAT 15 99 BYBOX 1 1 km
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 km STORE {k}d
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 km STOREDIST
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200 km FOO
      GEOSEARCH {k}none FROMLONLAT 15 37 BYRADIUS 200 km FOO
      GEOSEARCH {k}s FROMLONLAT 15 37 BYRADIUS 200
      GEOSEARCH {k}s FROMLONLAT 15
      SET {k}str v
      GEOSEARCH {k}str FROMLONLAT 15 37 BYRADIUS 200 km
      GEOSEARCH {k}str FOO 1 2 3 4 5
    `,
  },
  {
    name: 'searched and stored',
    lines: `
      ${SICILY}
      GEOSEARCHSTORE {k}d {k}s FROMLONLAT 15 37 BYRADIUS 200 km
      ZRANGE {k}d 0 -1 WITHSCORES
      GEOSEARCHSTORE {k}d {k}s FROMLONLAT 15 37 BYBOX 400 400 km ASC COUNT 1
      ZRANGE {k}d 0 -1 WITHSCORES
      OBJECT ENCODING {k}d
      GEOSEARCHSTORE {k}d {k}s FROMMEMBER Palermo BYRADIUS 0 km STOREDIST
      ZRANGE {k}d 0 -1 WITHSCORES
      GEOADD {k}far 166.61 -80.51 south 77.9 21.3 east -103.17 57.75 west -0.1 -4.9 near
      GEOSEARCHSTORE {k}d {k}far FROMLONLAT 10.3 20.7 BYRADIUS 15000 km STOREDIST
      ZRANGE {k}d 0 -1 WITHSCORES
      GEOSEARCHSTORE {k}d {k}s FROMLONLAT 15 37 BYRADIUS 200 mi STOREDIST
      ZRANGE {k}d 0 -1 WITHSCORES
      GEOSEARCHSTORE {k}d {k}s FROMLONLAT 0 0 BYRADIUS 1 km
      EXISTS {k}d
      GEOSEARCHSTORE {k}d {k}s FROMLONLAT 15 37 BYRADIUS 200 km WITHDIST
      GEOSEARCHSTORE {k}d {k}s FROMLONLAT 15 37 BYRADIUS 200 km STORE {k}e
      GEOSEARCHSTORE {k}d {k}s FROMLONLAT 15 37 BYRADIUS 200 km STOREDIST {k}e
      GEOSEARCHSTORE {k}d {k}none FROMLONLAT 15 37 BYRADIUS 200 km
      GEOSEARCHSTORE {k}s {k}none FROMMEMBER a BYRADIUS 200 km
      EXISTS {k}s
      ${SICILY}
      GEOSEARCHSTORE {k}s {k}s FROMMEMBER Palermo BYRADIUS 1 km
      ZCARD {k}s
      SET {k}str v
      GEOSEARCHSTORE {k}d {k}str FROMLONLAT 15 37 BYRADIUS 200 km
      GEOSEARCHSTORE {k}str {k}s FROMMEMBER Palermo BYRADIUS 1 km
      TYPE {k}str
    `,
  },
  {
    name: 'the older commands',
    lines: `
      ${SICILY}
      GEORADIUS {k}s 15 37 200 km
      GEORADIUS {k}s 15 37 200 km WITHDIST WITHCOORD WITHHASH ASC
      GEORADIUS {k}s 15 37 200 km COUNT 1
      GEORADIUS {k}s 15 37 200 km COUNT 1 ANY
      GEORADIUS {k}s 15 37 200 km ANY
      GEORADIUS {k}s 15 37 200 km STORE {k}d
      ZRANGE {k}d 0 -1 WITHSCORES
      GEORADIUS {k}s 15 37 200 km STORE {k}d STOREDIST {k}e
      EXISTS {k}d {k}e
      GEORADIUS {k}s 15 37 200 km STOREDIST {k}e STORE {k}d
      GEORADIUS {k}s 15 37 200 km STORE {k}d WITHDIST
      GEORADIUS {k}s 15 37 200 km STORE
      GEORADIUS {k}s 15 37 1 km STORE {k}d
      EXISTS {k}d
      GEORADIUS {k}none 15 37 200 km
      GEORADIUS {k}none 15 37 200 km STORE {k}e
      EXISTS {k}e
      GEORADIUS {k}s 15 137 200 km
      GEORADIUS {k}none x 37 200 km
      GEORADIUS {k}s 15 37 -200 km
      GEORADIUS {k}s 15 37 200 x
      GEORADIUS {k}s 15 37 200
      GEORADIUS {k}s 15 37 200 km FROMMEMBER Palermo
      GEORADIUS {k}s 15 37 200 km FOO
      GEORADIUS_RO {k}s 15 37 200 km DESC
      GEORADIUS_RO {k}s 15 37 200 km STORE {k}d
      GEORADIUS_RO {k}s 15 37 200 km STOREDIST {k}d
      GEORADIUSBYMEMBER {k}s Palermo 200 km ASC WITHDIST
      GEORADIUSBYMEMBER {k}s none 200 km
      GEORADIUSBYMEMBER {k}none a x y
      GEORADIUSBYMEMBER {k}none a x y STORE {k}d
      GEORADIUSBYMEMBER {k}s Palermo 200 km STORE {k}d
      ZRANGE {k}d 0 -1
      GEORADIUSBYMEMBER {k}s Palermo x km
      GEORADIUSBYMEMBER {k}s Palermo 1 x
      GEORADIUSBYMEMBER_RO {k}s Palermo 200 km WITHCOORD ASC
      GEORADIUSBYMEMBER_RO {k}s Palermo 200 km STORE {k}d
      SET {k}str v
      GEORADIUS {k}str 15 37 200 km
      GEORADIUSBYMEMBER {k}str a 200 km
      GEOADD {k}str 1 1 a
      GEOPOS {k}str a
      GEOHASH {k}str a
      GEODIST {k}str a b
      COMMAND GETKEYS GEORADIUS {k}s 15 37 200 km STORE {k}d
      COMMAND GETKEYS GEORADIUS {k}s 15 37 200 km COUNT 1 STOREDIST {k}d
      COMMAND GETKEYS GEORADIUS {k}s 15 37 200 km STORE {k}d STOREDIST {k}e
      COMMAND GETKEYS GEORADIUS {k}s 15 37 200 km
      COMMAND GETKEYS GEORADIUSBYMEMBER {k}s m 200 km STORE {k}d
      COMMAND GETKEYS GEORADIUSBYMEMBER {k}s STORE 200 km
      COMMAND GETKEYS GEOSEARCHSTORE {k}d {k}s FROMLONLAT 15 37 BYRADIUS 200 km
    `,
  },
]
