import t from 'tap'
import { ScoreNode } from '../../lib/data/score-node.ts'

function leafOf(...scores: readonly number[]): ScoreNode {
  const leaf = new ScoreNode()
  for (const [i, score] of scores.entries()) leaf.insert(i, `m${score}`, score)
  return leaf
}

/** A branch above a leaf that was split in two, and one of them again. */
function branchOf(scores: readonly number[], ...places: readonly number[]): ScoreNode {
  const leaf = leafOf(...scores)
  const branch = new ScoreNode([leaf])
  branch.insert(0, '', 0)
  branch.counts.push(leaf.size)
  for (const place of places) branch.childSplit(0, leaf.split(place))
  return branch
}

function row(branch: ScoreNode): number[][] {
  const found: number[][] = []
  for (let leaf = branch.children?.[0]; leaf !== undefined; leaf = leaf.next) {
    found.push([...leaf.scores])
  }
  return found
}

t.test('a leaf finds places by score, then by member', async (t) => {
  const leaf = leafOf(1, 3, 5)
  leaf.insert(1, 'm2', 3)
  t.same([...leaf.members], ['m1', 'm2', 'm3', 'm5'])
  t.equal(leaf.placeOf('m2', 3), 1)
  t.equal(leaf.placeOf('m2z', 3), 2)
  t.equal(leaf.placeOf('', Number.POSITIVE_INFINITY), 4)
  t.equal(
    leaf.placeAfter((_, score) => score < 5),
    3,
  )
  leaf.remove(0)
  t.same([...leaf.scores], [3, 3, 5])
})

t.test('an element stays between neighbours of other scores', async (t) => {
  const leaf = leafOf(1, 3, 5)
  t.equal(leaf.staysAt(1, 4.5), true)
  t.equal(leaf.staysAt(1, 5), false)
  t.equal(leaf.staysAt(1, 1), false)
  t.equal(leaf.staysAt(0, 2), false)
  t.equal(leaf.staysAt(2, 6), false)
})

t.test('children are split, and counted', async (t) => {
  const branch = branchOf([1, 2, 3, 4, 5], 4, 2)
  t.same(row(branch), [[1, 2], [3, 4], [5]])
  t.same([...branch.counts], [2, 2, 1])
  t.equal(branch.size, 5)
  t.equal(branch.countBefore(2), 4)
  t.equal(branch.placeOf('m2', 2), 0)
  t.equal(branch.placeOf('m3', 3), 1)
  t.equal(branch.placeOf('m9', 9), 2)
  t.equal(branch.children?.[2]?.previous, branch.children?.[1])
})

t.test('children are joined, and go', async (t) => {
  const joined = branchOf([1, 2, 3, 4, 5], 4, 2)
  joined.joinChildren(1)
  t.same(row(joined), [
    [1, 2],
    [3, 4, 5],
  ])
  t.same([...joined.counts], [2, 3])
  t.equal(joined.placeOf('m3', 3), 1)

  const emptied = branchOf([1, 2, 3, 4, 5], 4, 2)
  emptied.children?.[1]?.remove(0)
  emptied.children?.[1]?.remove(0)
  emptied.removeChild(1)
  t.same(row(emptied), [[1, 2], [5]])
  t.same([...emptied.counts], [2, 1])
  t.equal(emptied.placeOf('m3', 3), 1)
})

t.test('a branch that is joined to another knows its last bound', async (t) => {
  const left = branchOf([1, 2, 3], 2)
  const right = branchOf([7, 8, 9], 2)
  const root = new ScoreNode([left, right])
  root.insert(0, 'm3', 3)
  root.insert(1, '', 0)
  root.counts.push(3, 3)
  root.joinChildren(0)
  t.equal(root.length, 1)
  t.same([...root.counts], [6])
  t.same([...left.counts], [2, 1, 2, 1])
  t.equal(left.placeOf('m3', 3), 1)
  t.equal(left.placeOf('m7', 7), 2)
})
