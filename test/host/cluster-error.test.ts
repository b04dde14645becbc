import { createContext, runInContext } from 'node:vm'
import t from 'tap'
import { ClusterError, errorCodes } from '../../lib/host/cluster-error.ts'

t.test('it carries a code, a message and a cause', async (t) => {
  const cause = new Error('below')
  const error = new ClusterError('ERR_ABORTED', 'the start was aborted', { cause })
  t.equal(error.code, 'ERR_ABORTED')
  t.equal(error.message, 'the start was aborted')
  t.equal(error.cause, cause)
  t.equal(String(error), 'ClusterError: the start was aborted')
  t.match(error.stack, /^ClusterError: the start was aborted\n {4}at /)
  t.notOk('cause' in new ClusterError('ERR_STOPPED', 'it has stopped'))
  t.same(Object.keys(error), ['code'], 'only the code is enumerable')
})

t.test('instanceof holds for another copy of the class, in another realm too', async (t) => {
  const realm = createContext({})
  const Foreign: new () => unknown = runInContext(
    `(class ClusterError extends Error {
      get [Symbol.for('redis-memory-cluster.ClusterError')]() { return true }
    })`,
    realm,
  )
  const foreign = new Foreign()
  t.notOk(foreign instanceof Error, 'it comes from elsewhere')
  t.ok(foreign instanceof ClusterError)
  t.ok(new ClusterError('ERR_STOPPED', 'x') instanceof Error)
})

t.test('nothing else is one', async (t) => {
  for (const value of [
    new Error('x'),
    { code: 'ERR_STOPPED' },
    null,
    undefined,
    'ERR_STOPPED',
    1,
  ]) {
    t.notOk((value as unknown) instanceof ClusterError, String(value))
  }
})

t.test('codes are stable words with a sentence each', async (t) => {
  for (const [code, meaning] of Object.entries(errorCodes)) {
    t.match(code, /^ERR_[A-Z]+(_[A-Z]+)*$/)
    t.match(meaning, /^[A-Z`].*\.$/)
  }
})
