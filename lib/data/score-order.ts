/**
 * Members in the order of their scores, those of one score in the order of their bytes: what a skiplist with spans is in
 * Redis (zslInsert, zslGetRank in t_zset.c). A B+ tree whose branches count what lies below them, so that everything that
 * looks for an element or a rank takes logarithmic time, and few steps to memory far away.
 * Invariant: all leaves are equally deep; only a tree without elements has an empty node.
 */
import type { Bytes } from '../base/bytes.ts'
import { type Before, ScoreNode } from './score-node.ts'

/** Longer nodes are split. */
const LENGTH_MAX = 64
/** Nodes this short are joined with a neighbour. */
const LENGTH_MIN = 16
/** Nodes are not joined to a longer one, which would soon be split again. */
const JOINED_MAX = 48

/** A member and its score. */
export type Scored = readonly [member: Bytes, score: number]

/** Is told of elements. */
export type Visit = (member: Bytes, score: number) => void

/** Orders by score, then by the bytes of the member. */
export function compareScored([a, aScore]: Scored, [b, bScore]: Scored): number {
  return aScore - bScore || (a < b ? -1 : a === b ? 0 : 1)
}

/** The branches on the way to the leaf where `#descend` ended last, from the root on. One for all trees: it is read at once. */
const path: ScoreNode[] = []
/** The places of the children on that way. */
const places: number[] = []
/** Branches on that way: what lies behind them in the arrays is from before. */
let pathLength = 0

/** Members by rank. */
export class ScoreOrder {
  #root = new ScoreNode()

  /** Elements. */
  get size(): number {
    return this.#root.size
  }

  /** Puts a member that is not there in its place. */
  insert(member: Bytes, score: number): void {
    const leaf = this.#descend(member, score)
    const place = leaf.placeOf(member, score)
    leaf.insert(place, member, score)
    countOnPath(1)
    if (leaf.length > LENGTH_MAX) this.#split(leaf, place)
  }

  /** Takes a member out that is there with this score. */
  remove(member: Bytes, score: number): void {
    const leaf = this.#descend(member, score)
    this.#removeAt(leaf, leaf.placeOf(member, score))
  }

  /** Gives a member that is there with a score another one. */
  move(member: Bytes, before: number, score: number): void {
    const leaf = this.#descend(member, before)
    const place = leaf.placeOf(member, before)
    if (leaf.staysAt(place, score)) leaf.scores[place] = score
    else {
      // The text that is there: another of the same bytes would have to outlive its command, and be kept beside it.
      const held = leaf.members[place] as Bytes
      this.#removeAt(leaf, place)
      this.insert(held, score)
    }
  }

  /** The score of a member, found by looking through all; undefined when it is not there. */
  scoreOf(member: Bytes): number | undefined {
    for (let leaf = this.#leafAt('first'); leaf !== undefined; leaf = leaf.next) {
      const place = leaf.members.indexOf(member)
      if (place >= 0) return leaf.scores[place]
    }
    return undefined
  }

  /** How many elements come before something. */
  countBefore(isBefore: Before): number {
    let count = 0
    let node = this.#root
    while (node.children !== undefined) {
      const place = node.placeAfter(isBefore)
      count += node.countBefore(place)
      node = node.children[place] as ScoreNode
    }
    return count + node.placeAfter(isBefore)
  }

  /** The rank of a member that is there with this score. */
  rankOf(member: Bytes, score: number): number {
    let rank = 0
    let node = this.#root
    while (node.children !== undefined) {
      const place = node.placeOf(member, score)
      rank += node.countBefore(place)
      node = node.children[place] as ScoreNode
    }
    return rank + node.placeOf(member, score)
  }

  /** Visits up to `count` elements from a rank on, upwards. The order must not change meanwhile. */
  walk(rank: number, count: number, visit: Visit): void {
    let left = count
    let { leaf, place } = this.#leafOf(rank)
    for (; left > 0 && leaf !== undefined; leaf = leaf.next) {
      const { members, scores } = leaf
      for (; left > 0 && place < members.length; place++, left--) {
        visit(members[place] as Bytes, scores[place] as number)
      }
      place = 0
    }
  }

  /** Visits up to `count` elements from a rank on, downwards. The order must not change meanwhile. */
  walkBack(rank: number, count: number, visit: Visit): void {
    if (count <= 0) return
    let left = count
    let { leaf, place } = this.#leafOf(rank)
    while (leaf !== undefined) {
      const { members, scores } = leaf
      for (; place >= 0; place--) {
        visit(members[place] as Bytes, scores[place] as number)
        if (--left === 0) return
      }
      leaf = leaf.previous
      place = (leaf?.length ?? 0) - 1
    }
  }

  /** All members, upwards. The order must not change meanwhile. */
  *members(): Generator<Bytes> {
    for (let leaf = this.#leafAt('first'); leaf !== undefined; leaf = leaf.next) yield* leaf.members
  }

  /** All elements, downwards. The order must not change meanwhile. */
  *descending(): Generator<Scored> {
    for (let leaf = this.#leafAt('last'); leaf !== undefined; leaf = leaf.previous) {
      const { members, scores } = leaf
      for (let i = members.length - 1; i >= 0; i--) yield [members[i] as Bytes, scores[i] as number]
    }
  }

  /** The leaf in which an element lies, or belongs. */
  #descend(member: Bytes, score: number): ScoreNode {
    let node = this.#root
    let depth = 0
    for (; node.children !== undefined; depth++) {
      const place = node.placeOf(member, score)
      path[depth] = node
      places[depth] = place
      node = node.children[place] as ScoreNode
    }
    pathLength = depth
    return node
  }

  #leafOf(rank: number): { leaf: ScoreNode | undefined; place: number } {
    let node = this.#root
    let place = rank
    while (node.children !== undefined) {
      const { counts } = node
      const last = counts.length - 1
      let i = 0
      for (; i < last && place >= (counts[i] as number); i++) place -= counts[i] as number
      node = node.children[i] as ScoreNode
    }
    return { leaf: node, place }
  }

  #leafAt(end: 'first' | 'last'): ScoreNode | undefined {
    let node = this.#root
    while (node.children !== undefined) {
      node = node.children[end === 'first' ? 0 : node.length - 1] as ScoreNode
    }
    return node
  }

  /** The leaf at the end of the path is too long since something came to `place`. */
  #split(leaf: ScoreNode, place: number): void {
    let node = leaf
    let keep = splitPlace(leaf, place)
    for (let depth = pathLength - 1; node.length > LENGTH_MAX; depth--) {
      const parent = depth < 0 ? this.#grow(node) : (path[depth] as ScoreNode)
      const at = depth < 0 ? 0 : (places[depth] as number)
      parent.childSplit(at, node.split(keep))
      node = parent
      keep = node.length >>> 1
    }
  }

  /** Puts a branch above the root. */
  #grow(root: ScoreNode): ScoreNode {
    this.#root = new ScoreNode([root])
    this.#root.insert(0, '', 0)
    this.#root.counts.push(root.size)
    return this.#root
  }

  /** Takes an element out of the leaf at the end of the path. */
  #removeAt(leaf: ScoreNode, place: number): void {
    leaf.remove(place)
    countOnPath(-1)
    let node = leaf
    for (let depth = pathLength - 1; depth >= 0 && node.length < LENGTH_MIN; depth--) {
      const parent = path[depth] as ScoreNode
      if (!joinChild(parent, places[depth] as number)) return
      node = parent
    }
    while (this.#root.children?.length === 1) this.#root = this.#root.children[0] as ScoreNode
  }
}

/** So many elements more lie below the branches of the path. */
function countOnPath(change: number): void {
  for (let depth = 0; depth < pathLength; depth++) {
    const { counts } = path[depth] as ScoreNode
    const place = places[depth] as number
    counts[place] = (counts[place] as number) + change
  }
}

/** Who adds at an end goes on there: what lies behind stays full. */
function splitPlace(leaf: ScoreNode, place: number): number {
  if (leaf.next === undefined && place === leaf.length - 1) return place
  if (leaf.previous === undefined && place === 0) return 1
  return leaf.length >>> 1
}

/** A child is short: it is joined with a neighbour unless that is long, and goes when it is empty. True if a child went. */
function joinChild(parent: ScoreNode, place: number): boolean {
  const children = parent.children as ScoreNode[]
  const [left, right] = place > 0 ? [place - 1, place] : [place, place + 1]
  const length = (children[left]?.length ?? 0) + (children[right]?.length ?? 0)
  if (children[place]?.length === 0) parent.removeChild(place)
  else if (right < children.length && length <= JOINED_MAX) parent.joinChildren(left)
  else return false
  return true
}
