/**
 * Sines and their kin to the last digit: rounded right but in the rarest cases, as C libraries of today have them and
 * V8, which may be off by one, has not. Stored distances show all digits.
 * Computed by Taylor series in pairs of doubles, whose exact sum is the value (double-double arithmetic, Dekker 1971).
 */

/** The sum of two doubles, the second far smaller. */
type Pair = readonly [high: number, low: number]

const SPLITTER = 2 ** 27 + 1
/** Terms of a series for a quarter of a turn: the next does not show. */
const TERMS = 15
/** Terms so large that the rounding of a double would show. */
const PAIRED_TERMS = 5
const PI: Pair = [Math.PI, 1.2246467991473532e-16]

/** The sum of two doubles, the first not smaller. */
function quickSum(a: number, b: number): Pair {
  const sum = a + b
  return [sum, b - (sum - a)]
}

function sum(a: number, b: number): Pair {
  const total = a + b
  const part = total - a
  return [total, a - (total - part) + (b - part)]
}

function product(a: number, b: number): Pair {
  const whole = a * b
  const bigA = SPLITTER * a
  const highA = bigA - (bigA - a)
  const lowA = a - highA
  const bigB = SPLITTER * b
  const highB = bigB - (bigB - b)
  const lowB = b - highB
  return [whole, highA * highB - whole + highA * lowB + lowA * highB + lowA * lowB]
}

function add([aHigh, aLow]: Pair, [bHigh, bLow]: Pair): Pair {
  const [high, low] = sum(aHigh, bHigh)
  return quickSum(high, low + aLow + bLow)
}

function multiply([aHigh, aLow]: Pair, [bHigh, bLow]: Pair): Pair {
  const [high, low] = product(aHigh, bHigh)
  return quickSum(high, low + aHigh * bLow + aLow * bHigh)
}

function divide([high, low]: Pair, by: number): Pair {
  const quotient = high / by
  const [whole, rest] = product(quotient, by)
  return quickSum(quotient, (high - whole - rest + low) / by)
}

/** 1/n!, with changing signs, for every second n from the first on. */
function coefficientsFrom(first: number): Pair[] {
  const coefficients: Pair[] = [[1, 0]]
  for (let n = first; coefficients.length < TERMS; n += 2) {
    coefficients.push(divide(divide(coefficients.at(-1) as Pair, -(n + 1)), n + 2))
  }
  return coefficients
}

const sineCoefficients = coefficientsFrom(1)
const cosineCoefficients = coefficientsFrom(0)

function series(coefficients: readonly Pair[], square: Pair): Pair {
  let tail = 0
  for (let i = TERMS - 1; i >= PAIRED_TERMS; i--) {
    tail = tail * square[0] + (coefficients[i] as Pair)[0]
  }
  let result: Pair = [tail, 0]
  for (let i = PAIRED_TERMS - 1; i >= 0; i--) {
    result = add(multiply(result, square), coefficients[i] as Pair)
  }
  return result
}

function sinePair(angle: Pair): Pair {
  return multiply(series(sineCoefficients, multiply(angle, angle)), angle)
}

/** The sine of an angle within half a turn, in radians. */
export function sine(angle: number): number {
  if (Math.abs(angle) <= Math.PI / 2) return sinePair([angle, 0])[0]
  const rest = add(PI, [-Math.abs(angle), 0])
  return Math.sign(angle) * sinePair(rest)[0]
}

/** The cosine of an angle within a quarter of a turn, in radians. */
export function cosine(angle: number): number {
  return series(cosineCoefficients, product(angle, angle))[0]
}

/** The angle whose sine this is, in radians; what rounding put beyond 1 counts as 1. */
export function arcsine(value: number): number {
  if (Math.abs(value) >= 1) return (Math.sign(value) * Math.PI) / 2
  const near = Math.asin(value)
  const [high, low] = sinePair([near, 0])
  return near + (value - high - low) / Math.cos(near)
}
