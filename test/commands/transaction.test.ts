import t from 'tap'
import type { TransactionPort } from '../../lib/commands/context.ts'
import { CommandRunner } from '../support/command-runner.ts'

/** A client whose transaction writes down what it is told. */
function connect() {
  const told: string[] = []
  const state = { active: false }
  const transaction: TransactionPort = {
    get active() {
      return state.active
    },
    begin() {
      state.active = true
      told.push('begin')
    },
    execute() {
      state.active = false
      told.push('execute')
    },
    discard() {
      state.active = false
      told.push('discard')
    },
    watch: (keys) => told.push(`watch ${keys.join(' ')}`),
    unwatch: () => told.push('unwatch'),
  }
  return { told, runner: new CommandRunner({ ports: { transaction } }) }
}

t.test('the words of a transaction in their order', async (t) => {
  const { told, runner } = connect()
  t.equal(runner.run('WATCH a b'), '+OK\r\n')
  t.equal(runner.run('UNWATCH'), '+OK\r\n')
  t.equal(runner.run('MULTI'), '+OK\r\n')
  t.equal(runner.run('EXEC'), '', 'the transaction replies')
  t.equal(runner.run('MULTI'), '+OK\r\n')
  t.equal(runner.run('DISCARD'), '+OK\r\n')
  t.same(told, ['watch a b', 'unwatch', 'begin', 'execute', 'begin', 'discard'])
})

t.test('words that make no sense now', async (t) => {
  const { told, runner } = connect()
  t.equal(runner.run('EXEC'), '-ERR EXEC without MULTI\r\n')
  t.equal(runner.run('DISCARD'), '-ERR DISCARD without MULTI\r\n')
  runner.run('MULTI')
  t.equal(runner.run('MULTI'), '-ERR MULTI calls can not be nested\r\n')
  t.equal(runner.run('WATCH a'), '-ERR WATCH inside MULTI is not allowed\r\n')
  t.same(told, ['begin'])
})
