import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { type Area, cellsOf, distanceMeters, roughDistanceWithin } from '../../lib/data/geo-area.ts'
import { type Place, scoreOf, scoresIn } from '../../lib/data/geohash.ts'

const palermo: Place = { longitude: 13.361389338970184, latitude: 38.1155563954963 }
const catania: Place = { longitude: 15.087267458438873, latitude: 37.50266842333162 }

t.test('distances are those of a real server', async (t) => {
  t.equal(distanceMeters(palermo, catania).toFixed(4), '166274.1516')
  t.equal(distanceMeters(palermo, palermo), 0)
  const above = { ...palermo, latitude: palermo.latitude + 1 }
  t.equal(distanceMeters(palermo, above).toFixed(4), '111226.3000', 'along the meridian')
})

t.test('circles and boxes have an inside and an outside', async (t) => {
  const circle = (radiusMeters: number): Area => ({ center: palermo, size: { radiusMeters } })
  t.equal(roughDistanceWithin(circle(166_275), catania), distanceMeters(palermo, catania))
  t.equal(roughDistanceWithin(circle(166_274), catania), undefined)
  t.equal(roughDistanceWithin(circle(0), palermo), 0)
  const box = (widthMeters: number, heightMeters: number): Area => ({
    center: palermo,
    size: { widthMeters, heightMeters },
  })
  t.equal(roughDistanceWithin(box(310_000, 140_000), catania), distanceMeters(palermo, catania))
  t.equal(roughDistanceWithin(box(300_000, 140_000), catania), undefined, 'too narrow')
  t.equal(roughDistanceWithin(box(310_000, 130_000), catania), undefined, 'too low')
})

t.test('every place in an area lies in one of its cells, once', async (t) => {
  const seed = process.env.SEED ?? String(Date.now())
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  let inside = 0
  for (let round = 0; round < 3000; round++) {
    const center = {
      longitude: (random.fraction() - 0.5) * 340,
      latitude: (random.fraction() - 0.5) * 150,
    }
    const meters = 10 ** (1 + random.fraction() * 4.5)
    const area: Area = {
      center,
      size: oneOfTwo(random)
        ? { radiusMeters: meters }
        : { widthMeters: meters * random.fraction(), heightMeters: meters * random.fraction() },
    }
    const reach = meters / 100_000
    const place = {
      longitude: center.longitude + (random.fraction() - 0.5) * reach,
      latitude: center.latitude + (random.fraction() - 0.5) * reach,
    }
    if (Math.abs(place.longitude) > 180 || Math.abs(place.latitude) > 85) continue
    const score = scoreOf(place)
    const holding = cellsOf(area).filter((cell) => {
      const { min, max } = scoresIn(cell)
      return score >= min && score < max
    })
    if (roughDistanceWithin(area, place) === undefined) continue
    inside++
    if (holding.length !== 1) t.fail(`${holding.length} cells`, { area, place })
  }
  t.ok(inside > 100, `${inside} places were inside`)
})

function oneOfTwo(random: Random): boolean {
  return random.below(2) === 0
}
