import t from 'tap'
import { Random } from '../../lib/base/random.ts'
import { arcsine, cosine, sine } from '../../lib/base/trigonometry.ts'

/** Values to 17 digits, from a computation with 60. */
const ROWS: readonly [angle: number, sine: number, cosine: number][] = [
  [1e-9, 1e-9, 1.0],
  [0.1, 0.09983341664682815, 0.9950041652780258],
  [0.3, 0.29552020666133955, 0.955336489125606],
  [0.7, 0.644217687237691, 0.7648421872844885],
  [0.785, 0.706825181105366, 0.7073882691671998],
  [1.0, 0.8414709848078965, 0.5403023058681398],
  [1.2, 0.9320390859672263, 0.3623577544766736],
  [1.48, 0.99588084453764, 0.09067162446430968],
  [1.57, 0.9999996829318346, 0.0007963267107332633],
  [1.6, 0.9995736030415051, -0.029199522301288815],
  [2.0, 0.9092974268256817, -0.4161468365471424],
  [2.5, 0.5984721441039565, -0.8011436155469337],
  [3.0, 0.1411200080598672, -0.9899924966004454],
  [3.14, 0.0015926529164868282, -0.9999987317275395],
  [0.9779556609768321, 0.8293568928986487, 0.5587191997788329],
  [1.1646055731393452, 0.9186325664024484, 0.395112905312964],
  [1.2484538979381439, 0.94849596475399, 0.31678921200918086],
  [1.479646945529969, 0.9958487704489754, 0.09102321898979383],
  [1.1616407623416913, 0.9174570956761441, 0.39783473653452467],
  [1.4480502447647048, 0.9924761533598166, 0.1224380864441363],
  [0.045538208405275137, 0.045522471057582566, 0.9989633149564661],
  [0.7310275673736254, 0.6676349997004275, 0.7444887555732526],
  [1.4810700456873525, 0.995977297159228, 0.08960593475545499],
  [1.018890048424971, 0.8515265863114425, 0.5243114273070744],
]

t.test('values to the last digit', async (t) => {
  for (const [angle, ofSine, ofCosine] of ROWS) {
    t.equal(sine(angle), ofSine, `sine of ${angle}`)
    t.equal(sine(-angle), -ofSine)
    if (angle > Math.PI / 2) continue
    t.equal(cosine(angle), ofCosine, `cosine of ${angle}`)
    t.equal(cosine(-angle), ofCosine)
  }
})

t.test('the ends', async (t) => {
  t.equal(sine(0), 0)
  t.equal(cosine(0), 1)
  t.equal(arcsine(0), 0)
  t.equal(arcsine(1), Math.PI / 2)
  t.equal(arcsine(1 + 2 ** -52), Math.PI / 2)
  t.equal(arcsine(-1), -Math.PI / 2)
  t.equal(sine(Math.PI), 1.2246467991473532e-16)
})

t.test('nowhere far from what the engine has', async (t) => {
  const seed = process.env.SEED ?? String(Date.now())
  t.comment(`SEED=${seed}`)
  const random = new Random(seed)
  const isNear = (a: number, b: number) => Math.abs(a - b) <= Math.abs(a) * 2 ** -51
  for (let round = 0; round < 5000; round++) {
    const angle = (random.fraction() - 0.5) * Math.PI
    if (!isNear(sine(angle), Math.sin(angle))) t.fail(`sine of ${angle}`)
    if (!isNear(sine(2 * angle), Math.sin(2 * angle))) t.fail(`sine of ${2 * angle}`)
    if (!isNear(cosine(angle), Math.cos(angle))) t.fail(`cosine of ${angle}`)
    const value = 2 * random.fraction() - 1
    if (!isNear(arcsine(value), Math.asin(value))) t.fail(`arcsine of ${value}`)
  }
})
