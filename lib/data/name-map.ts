/**
 * A Map of byte strings for very many of them: open addressing over the hashes of the names (dict.c), beside names and values
 * in the order they came. A look-up that finds a name touches three places far apart where V8's Map touches five or more,
 * and waiting for memory is most of what a look-up costs.
 * Invariant: the cells of a table hold the hash and the number of each entry that is not gone, with a free cell behind
 * every run of them; names that are gone leave a gap among the entries until there are more gaps than names.
 */
import type { Bytes } from '../base/bytes.ts'
import { nameHash } from '../base/name-hash.ts'
import type { Random } from '../base/random.ts'

/** Numbers of a cell: a hash, and that of an entry from 1 on, 0 when the cell is free. */
const CELL = 2
/** Numbers of an entry: a name and its value. */
const ENTRY = 2
const CELLS_MIN = 8
/** So many gaps are worth being closed. */
const GAPS_MIN = 16

/** Names, each with a value. */
export class NameMap<Value extends {}> {
  #cells = new Int32Array(CELLS_MIN * CELL)
  /** Name and value by turns; undefined both where a name is gone. */
  #entries: (Bytes | Value | undefined)[] = []
  #size = 0

  /** With these names and values, if any are given. */
  constructor(entries?: Iterable<readonly [name: Bytes, value: Value]>) {
    if (entries === undefined) return
    for (const [name, value] of entries) this.set(name, value)
  }

  get size(): number {
    return this.#size
  }

  /** The value of a name; who knows the hash of the name, as a signed number, may say it. */
  get(name: Bytes, hash = nameHash(name) | 0): Value | undefined {
    const cell = this.#find(name, hash)
    return cell < 0 ? undefined : (this.#entries[this.#placeOf(cell) + 1] as Value)
  }

  has(name: Bytes): boolean {
    return this.#find(name, nameHash(name) | 0) >= 0
  }

  /** Gives a name a value; one that was there keeps its place in the order. */
  set(name: Bytes, value: Value, hash = nameHash(name) | 0): void {
    const cell = this.#find(name, hash)
    if (cell >= 0) {
      this.#entries[this.#placeOf(cell) + 1] = value
      return
    }
    this.#entries.push(name, value)
    this.#size++
    // A table that is full to three quarters has short runs still.
    if (this.#size * 4 > (this.#cells.length / CELL) * 3) this.#resize(this.#cells.length * 2)
    occupy(this.#cells, hash, this.#entries.length / ENTRY)
  }

  /** Removes a name; false when it is not there. */
  delete(name: Bytes, hash = nameHash(name) | 0): boolean {
    const cell = this.#find(name, hash)
    if (cell < 0) return false
    const place = this.#placeOf(cell)
    this.#entries[place] = undefined
    this.#entries[place + 1] = undefined
    this.#size--
    release(this.#cells, cell)
    const gaps = this.#entries.length / ENTRY - this.#size
    if (gaps > GAPS_MIN && gaps > this.#size) this.#closeGaps()
    return true
  }

  /** A name, each with the same chance; undefined when there is none. */
  sample(random: Random): Bytes | undefined {
    if (this.#size === 0) return undefined
    // There are hardly more gaps than names.
    for (;;) {
      const name = this.#entries[random.below(this.#entries.length / ENTRY) * ENTRY]
      if (name !== undefined) return name as Bytes
    }
  }

  /** Names, oldest first. Of those that come or go meanwhile it may give any. */
  *keys(): Generator<Bytes, undefined> {
    const entries = this.#entries
    for (let place = 0; place < entries.length; place += ENTRY) {
      const name = entries[place]
      if (name !== undefined) yield name as Bytes
    }
  }

  /** Names and values, oldest first. They must not change meanwhile. */
  *[Symbol.iterator](): Generator<[name: Bytes, value: Value], undefined> {
    const entries = this.#entries
    for (let place = 0; place < entries.length; place += ENTRY) {
      const name = entries[place]
      if (name !== undefined) yield [name as Bytes, entries[place + 1] as Value]
    }
  }

  /** Values of the names, oldest first. They must not change meanwhile. */
  *values(): Generator<Value, undefined> {
    for (const [, value] of this) yield value
  }

  /** The cell of a name; negative when it has none. */
  #find(name: Bytes, hash: number): number {
    const cells = this.#cells
    const last = cells.length - 1
    for (let cell = homeOf(hash, last); ; cell = (cell + CELL) & last) {
      const number = cells[cell + 1] as number
      if (number === 0) return -1
      if (cells[cell] === hash && this.#entries[(number - 1) * ENTRY] === name) return cell
    }
  }

  /** Where the entry of a cell begins. */
  #placeOf(cell: number): number {
    return ((this.#cells[cell + 1] as number) - 1) * ENTRY
  }

  #resize(length: number): void {
    const former = this.#cells
    const cells = new Int32Array(length)
    for (let cell = 0; cell < former.length; cell += CELL) {
      const number = former[cell + 1] as number
      if (number !== 0) occupy(cells, former[cell] as number, number)
    }
    this.#cells = cells
  }

  #closeGaps(): void {
    const former = this.#entries
    const hashes = new Int32Array(former.length / ENTRY)
    for (let cell = 0; cell < this.#cells.length; cell += CELL) {
      const number = this.#cells[cell + 1] as number
      if (number !== 0) hashes[number - 1] = this.#cells[cell] as number
    }
    let count = CELLS_MIN
    while (this.#size * 2 > count) count *= 2
    const cells = new Int32Array(count * CELL)
    // Who walks over the former entries goes on with them.
    const entries: (Bytes | Value | undefined)[] = []
    for (let place = 0; place < former.length; place += ENTRY) {
      if (former[place] === undefined) continue
      entries.push(former[place], former[place + 1])
      occupy(cells, hashes[place / ENTRY] as number, entries.length / ENTRY)
    }
    this.#cells = cells
    this.#entries = entries
  }
}

/** A Set of byte strings for very many of them. */
export class NameSet extends NameMap<true> {
  constructor(names: Iterable<Bytes>) {
    super()
    for (const name of names) this.add(name)
  }

  add(name: Bytes): void {
    this.set(name, true)
  }
}

/** The cell where a hash is looked for first. */
function homeOf(hash: number, last: number): number {
  return (hash * CELL) & last
}

/** Puts an entry into the first cell that is free from its home on. */
function occupy(cells: Int32Array, hash: number, number: number): void {
  const last = cells.length - 1
  let cell = homeOf(hash, last)
  while (cells[cell + 1] !== 0) cell = (cell + CELL) & last
  cells[cell] = hash
  cells[cell + 1] = number
}

/** Frees a cell; those behind it move up where their home is not in between. */
function release(cells: Int32Array, cell: number): void {
  const last = cells.length - 1
  let free = cell
  for (let next = (cell + CELL) & last; cells[next + 1] !== 0; next = (next + CELL) & last) {
    const home = homeOf(cells[next] as number, last)
    if (((next - home) & last) < ((next - free) & last)) continue
    cells[free] = cells[next] as number
    cells[free + 1] = cells[next + 1] as number
    free = next
  }
  cells[free + 1] = 0
}
