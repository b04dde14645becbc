import t from 'tap'
import { expectReplies } from '../../support/command-runner.ts'
import { connect } from './lone-node.ts'

const stat = (slot: number, keys: number) => `*2|:${slot}|*2|$9|key-count|:${keys}|`

t.test('the slots of a range that are ours', async (t) => {
  const { runner } = connect('8.2.0')
  runner.runAll('CLUSTER ADDSLOTS 5 7 15495', 'SET {a}1 x', 'SET {a}2 x')
  expectReplies(t, runner, [
    ['CLUSTER SLOT-STATS SLOTSRANGE 5 7', `*2|${stat(5, 0)}${stat(7, 0)}`],
    ['cluster slot-stats slotsrange 15495 15495', `*1|${stat(15_495, 2)}`],
    ['CLUSTER SLOT-STATS SLOTSRANGE 8 9', '*0|'],
  ])
  runner.protocol = 3
  t.equal(
    runner.run('CLUSTER SLOT-STATS SLOTSRANGE 15495 15495').replaceAll('\r\n', '|'),
    '*1|*2|:15495|%1|$9|key-count|:2|',
  )
})

t.test('in the order of their keys', async (t) => {
  const { runner } = connect('8.2.0')
  runner.runAll('CLUSTER ADDSLOTS 5 7 15495', 'SET {a}1 x', 'SET {a}2 x')
  expectReplies(t, runner, [
    ['CLUSTER SLOT-STATS ORDERBY key-count', `*3|${stat(15_495, 2)}${stat(5, 0)}${stat(7, 0)}`],
    ['CLUSTER SLOT-STATS ORDERBY KEY-COUNT limit 1 desc', `*1|${stat(15_495, 2)}`],
    ['CLUSTER SLOT-STATS ORDERBY key-count ASC LIMIT 2', `*2|${stat(5, 0)}${stat(7, 0)}`],
  ])
})

t.test('what makes no sense', async (t) => {
  const { runner } = connect('8.2.0')
  const unknown =
    "-ERR unknown subcommand or wrong number of arguments for 'SLOT-STATS'. Try CLUSTER HELP.|"
  const limit = '-ERR Limit has to lie in between 1 and 16384 (maximum number of slots).|'
  const twice = '-ERR Multiple filters of the same type are disallowed.|'
  expectReplies(t, runner, [
    [
      'CLUSTER SLOT-STATS SLOTSRANGE',
      "-ERR wrong number of arguments for 'cluster|slot-stats' command|",
    ],
    ['CLUSTER SLOT-STATS SLOTSRANGE 1', unknown],
    ['CLUSTER SLOT-STATS SLOTSRANGE 1 2 3', unknown],
    ['CLUSTER SLOT-STATS NOSUCH x', unknown],
    ['CLUSTER SLOT-STATS SLOTSRANGE x 1', '-ERR Invalid or out of range slot|'],
    [
      'CLUSTER SLOT-STATS SLOTSRANGE 9 5',
      '-ERR Start slot number 9 is greater than end slot number 5|',
    ],
    ['CLUSTER SLOT-STATS ORDERBY cpu-usec', '-ERR Unrecognized sort metric for ORDERBY.|'],
    ['CLUSTER SLOT-STATS ORDERBY key-count LIMIT 0', limit],
    ['CLUSTER SLOT-STATS ORDERBY key-count LIMIT 16385', limit],
    ['CLUSTER SLOT-STATS ORDERBY key-count LIMIT x', limit],
    ['CLUSTER SLOT-STATS ORDERBY key-count LIMIT', '-ERR syntax error|'],
    ['CLUSTER SLOT-STATS ORDERBY key-count NOSUCH', '-ERR syntax error|'],
    ['CLUSTER SLOT-STATS ORDERBY key-count LIMIT 1 LIMIT 2', twice],
    ['CLUSTER SLOT-STATS ORDERBY key-count ASC DESC', twice],
  ])
})
