/**
 * A node of the tree that keeps members in the order of their scores: a leaf with elements, or a branch with children.
 * Members and scores lie in two parallel arrays, so that an element costs no object of its own.
 * Invariant: a leaf's elements rise. A branch has for each child a bound, which no element below that child is after and
 * every element behind it is after (the last child's bound means nothing), and how many elements lie below it.
 */
import type { Bytes } from '../base/bytes.ts'

/** Whether an element comes before something: true for the first elements and false for all others. */
export type Before = (member: Bytes, score: number) => boolean

/** What all leaves have for counts. */
const NONE: number[] = []

/** Elements of a leaf, or children of a branch. */
export class ScoreNode {
  /** Elements' members; of a branch its bounds'. */
  readonly members: Bytes[] = []
  /** Elements' scores; of a branch its bounds'. */
  readonly scores: number[] = doubles()
  /** Undefined of a leaf. */
  readonly children: ScoreNode[] | undefined
  /** Elements below each child. */
  readonly counts: number[]
  /** The leaf with the elements that follow. */
  next: ScoreNode | undefined = undefined
  /** The leaf with the elements before. */
  previous: ScoreNode | undefined = undefined

  constructor(children?: ScoreNode[]) {
    this.children = children
    this.counts = children === undefined ? NONE : []
  }

  /** Elements, or children. */
  get length(): number {
    return this.members.length
  }

  /** Where an element is, or belongs: the first place that is not before it. */
  placeOf(member: Bytes, score: number): number {
    const { members, scores } = this
    let low = 0
    let high = this.#searched
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = scores[middle] as number
      if (other < score || (other === score && (members[middle] as Bytes) < member)) {
        low = middle + 1
      } else high = middle
    }
    return low
  }

  /** The first place that is not before something. */
  placeAfter(isBefore: Before): number {
    const { members, scores } = this
    let low = 0
    let high = this.#searched
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isBefore(members[middle] as Bytes, scores[middle] as number)) low = middle + 1
      else high = middle
    }
    return low
  }

  /** How many places a search has to tell apart: all of a leaf, and of a branch all but the last. */
  get #searched(): number {
    return this.children === undefined ? this.members.length : this.members.length - 1
  }

  /** Elements below the children before a place. */
  countBefore(place: number): number {
    let count = 0
    for (let i = 0; i < place; i++) count += this.counts[i] as number
    return count
  }

  /** Whether a leaf's element stays between its neighbours with another score. */
  staysAt(place: number, score: number): boolean {
    const { scores } = this
    // Neighbours in other leaves are too far to look, and those of the same score seldom.
    if (place === 0 || place === scores.length - 1) return false
    return (scores[place - 1] as number) < score && score < (scores[place + 1] as number)
  }

  /** Puts an element, or a bound, at a place. Moving a few by hand beats `splice`. */
  insert(place: number, member: Bytes, score: number): void {
    const { members, scores } = this
    for (let i = members.length; i > place; i--) {
      members[i] = members[i - 1] as Bytes
      scores[i] = scores[i - 1] as number
    }
    members[place] = member
    scores[place] = score
  }

  /** Takes the element, or the bound, at a place out. */
  remove(place: number): void {
    const { members, scores } = this
    if (place === 0) {
      members.shift()
      scores.shift()
      return
    }
    const last = members.length - 1
    for (let i = place; i < last; i++) {
      members[i] = members[i + 1] as Bytes
      scores[i] = scores[i + 1] as number
    }
    members.pop()
    scores.pop()
  }

  /** Moves all from a place on into a new node that follows this one. */
  split(place: number): ScoreNode {
    const right = new ScoreNode(this.children?.splice(place))
    right.#take(this.members.splice(place), this.scores.splice(place), this.counts.splice(place))
    if (this.children === undefined) this.#linkTo(right)
    return right
  }

  #take(members: readonly Bytes[], scores: readonly number[], counts: readonly number[]): void {
    this.members.push(...members)
    this.scores.push(...scores)
    this.counts.push(...counts)
  }

  #linkTo(right: ScoreNode): void {
    right.next = this.next
    right.previous = this
    if (this.next !== undefined) this.next.previous = right
    this.next = right
  }

  /** A child was split: its second half gets the bound it had, and the first one its own last element. */
  childSplit(place: number, right: ScoreNode): void {
    const left = (this.children as ScoreNode[])[place] as ScoreNode
    const last = left.length - 1
    this.insert(place, left.members[last] as Bytes, left.scores[last] as number)
    this.children?.splice(place + 1, 0, right)
    const moved = right.size
    this.counts[place] = (this.counts[place] as number) - moved
    this.counts.splice(place + 1, 0, moved)
  }

  /** Moves all that the child behind a place has to the child at that place. */
  joinChildren(place: number): void {
    const children = this.children as ScoreNode[]
    const [left, right] = [children[place] as ScoreNode, children[place + 1] as ScoreNode]
    if (left.children !== undefined) {
      // Its last bound begins to mean something.
      left.members[left.length - 1] = this.members[place] as Bytes
      left.scores[left.length - 1] = this.scores[place] as number
      left.children.push(...(right.children as ScoreNode[]))
    }
    left.#take(right.members, right.scores, right.counts)
    this.counts[place] = (this.counts[place] as number) + (this.counts[place + 1] as number)
    this.remove(place)
    this.#dropChild(place + 1)
  }

  /** Forgets a child that has nothing below it. */
  removeChild(place: number): void {
    this.remove(place)
    this.#dropChild(place)
  }

  #dropChild(place: number): void {
    for (const child of this.children?.splice(place, 1) ?? []) child.#unlink()
    this.counts.splice(place, 1)
  }

  #unlink(): void {
    if (this.previous !== undefined) this.previous.next = this.next
    if (this.next !== undefined) this.next.previous = this.previous
  }

  /** All elements, here or below. */
  get size(): number {
    return this.children === undefined ? this.members.length : this.countBefore(this.counts.length)
  }
}

/** An empty list that V8 keeps as doubles from the start: one that turns from integers makes searches slow. */
function doubles(): number[] {
  const list = [0.5]
  list.length = 0
  return list
}
