import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import {
  cellOf,
  extentOf,
  LATITUDES,
  LONGITUDES,
  neighbourOf,
  placeOf,
  scoreOf,
  scoresIn,
  standardGeohash,
} from '../../lib/data/geohash.ts'

const palermo = { longitude: 13.361389, latitude: 38.115556 }

t.test('a place as a score, as a real server has it', async (t) => {
  t.equal(scoreOf(palermo), 3479099956230698)
  t.strictSame(placeOf(3479099956230698), {
    longitude: 13.361389338970184,
    latitude: 38.1155563954963,
  })
  t.equal(standardGeohash(placeOf(3479099956230698)), 'sqc8b49rny0')
  t.equal(scoreOf({ longitude: -180, latitude: LATITUDES.min }), 0)
})

t.test('a score is near its place, and its own', async (t) => {
  const seed = process.env.SEED ?? String(Date.now())
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  for (let round = 0; round < 2000; round++) {
    const place = {
      longitude: (random.fraction() - 0.5) * 360,
      latitude: (random.fraction() - 0.5) * 170,
    }
    const score = scoreOf(place)
    const near = placeOf(score)
    if (Math.abs(near.longitude - place.longitude) > 180 / 2 ** 26) t.fail('longitude')
    if (Math.abs(near.latitude - place.latitude) > 86 / 2 ** 26) t.fail('latitude')
    if (scoreOf(near) !== score) t.fail(`score ${score}`)
    const cell = cellOf(place, 1 + random.below(26))
    const { min, max } = scoresIn(cell)
    const { longitude, latitude } = extentOf(cell)
    if (score < min || score >= max) t.fail('outside the scores of its cell')
    if (place.longitude < longitude.min || place.longitude > longitude.max) t.fail('west or east')
    if (place.latitude < latitude.min || place.latitude > latitude.max) t.fail('south or north')
  }
})

t.test('neighbours go around the earth', async (t) => {
  const corner = { column: 0, row: 7, step: 3 }
  t.strictSame(neighbourOf(corner, -1, 1), { column: 7, row: 0, step: 3 })
  t.strictSame(neighbourOf(corner, 1, -1), { column: 1, row: 6, step: 3 })
  t.strictSame(neighbourOf(corner, 0, 0), corner)
  t.equal(extentOf(corner).longitude.min, LONGITUDES.min)
  t.equal(extentOf(corner).latitude.max, LATITUDES.max)
})

t.test('any score is some place on the map', async (t) => {
  const scores = [-1, 0.5, 2 ** 53, 1e19, 2 ** 64, 1e300, -1e300]
  for (const score of [...scores, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const { longitude, latitude } = placeOf(score)
    t.ok(longitude >= LONGITUDES.min && longitude <= LONGITUDES.max, `${score}`)
    t.ok(latitude >= LATITUDES.min && latitude <= LATITUDES.max, `${score}`)
  }
  t.strictSame(placeOf(0.5), placeOf(0))
})
