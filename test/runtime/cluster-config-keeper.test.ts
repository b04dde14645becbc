/** nodes.conf is kept when it has to be, where it has to be, and what happens when it cannot. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ClusterConfigFile } from '../../lib/runtime/cluster-config-file.ts'
import { ClusterConfigKeeper } from '../../lib/runtime/cluster-config-keeper.ts'

/** A keeper, and what it says and gives to the host. */
function keeping(file?: ClusterConfigFile) {
  const given: string[] = []
  const lines: string[] = []
  const keeper = new ClusterConfigKeeper({
    file,
    giveToHost: (text) => given.push(text),
    log: (level, text) => lines.push(`${level} ${text}`),
  })
  return { keeper, given, lines }
}

/** A directory to lose. */
function onDisk(t: Test) {
  const directory = join(t.testdir(), 'node')
  mkdirSync(directory)
  const path = join(directory, 'nodes.conf')
  const read = () => readFileSync(path, 'latin1')
  const lose = () => rmSync(directory, { recursive: true })
  return { ...keeping(new ClusterConfigFile(path)), read, lose }
}

t.test('what is kept soon is made when it is kept, and once', async (t) => {
  const { keeper, given } = keeping()
  let epoch = 1
  keeper.save(() => `epoch ${epoch}`, 'soon')
  epoch = 2
  t.same(given, [])
  keeper.saveDue()
  keeper.saveDue()
  keeper.saveLast()
  t.same(given.splice(0), ['epoch 2'])
  keeper.save(() => 'a', 'soon')
  keeper.save(() => 'b', 'written')
  t.same(given.splice(0), ['b'], 'what came later stands for both')
  keeper.save(() => 'c', 'soon')
  keeper.saveLast()
  t.equal(keeper.keep('d'), undefined)
  t.same(given, ['c', 'd'])
})

t.test('a node with a file needs no host', async (t) => {
  const { keeper, given, read } = onDisk(t)
  t.equal(keeper.restore(undefined), undefined, 'nothing yet')
  t.equal(keeper.restore('planned'), 'planned')
  t.equal(read(), 'planned', 'a plan is kept')
  keeper.save(() => 'voted', 'synced')
  t.equal(keeper.restore(undefined), 'voted')
  t.same(given, [])
})

t.test('without a file a node starts from what it is given', async (t) => {
  const { keeper, given } = keeping()
  t.same([keeper.restore(undefined), keeper.restore('planned')], [undefined, 'planned'])
  t.same(given, [], 'which the host has already')
})

t.test('what cannot be kept ends the node, unless it ends anyway or only asked', async (t) => {
  const { keeper, lines, lose } = onDisk(t)
  lose()
  const fatal = "warning Fatal: can't update cluster config file."
  t.throws(() => keeper.save(() => 'vote', 'synced'), { code: 'ENOENT' })
  keeper.save(() => 'news', 'soon')
  t.throws(() => keeper.saveDue(), { code: 'ENOENT' })
  t.same(lines.splice(0), [fatal, fatal])
  t.equal(keeper.keep('asked'), 'No such file or directory')
  t.same(lines, [])
  keeper.save(() => 'last', 'soon')
  keeper.saveLast()
  t.match(lines, [/^warning Could not save the cluster config: ENOENT: /])
})
