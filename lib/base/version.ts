/**
 * The versions of Redis that a node can be, and their order. Invariant: a release stands for its last patch, so what came
 * with any patch of it is there (REDIS_VERSION in version.h).
 */

/** The releases that can be chosen, oldest first, each with the patch that is reported. */
export const RELEASES = {
  '7.0': '7.0.15',
  '7.2': '7.2.11',
  '7.4': '7.4.6',
  '8.0': '8.0.2',
} as const

/** A release that can be chosen. */
export type Release = keyof typeof RELEASES

/** What a node is unless told otherwise, with the commands of later releases besides. */
export const DEFAULT_RELEASE: Release = '7.0'

/** Room for each of the three numbers of a version. */
const PLACE = 1000

/** A version that can be compared. */
export class Version {
  /** All three numbers: `7.0.15`. */
  readonly text: string
  /** Commands that came later are there, too, as they were in the latest version. */
  readonly knowsLaterCommands: boolean
  readonly #order: number

  /** Takes a release or a version, of two numbers or three; without one it is the default release and knows later commands. */
  constructor(text?: string) {
    const given = text ?? DEFAULT_RELEASE
    this.text = RELEASES[given as Release] ?? given
    this.knowsLaterCommands = text === undefined
    this.#order = orderOf(this.text)
  }

  /** Whether it is this release or version, or a later one. */
  atLeast(version: string): boolean {
    return this.#order >= orderOf(version)
  }
}

const orders = new Map<string, number>()

function orderOf(version: string): number {
  let order = orders.get(version)
  if (order === undefined) {
    const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
    order = (major * PLACE + minor) * PLACE + patch
    orders.set(version, order)
  }
  return order
}
