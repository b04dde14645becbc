/**
 * Jest's `globalTeardown`: stops what `globalSetup` started, if it started anything.
 */

/** Under this key the setup leaves the function that ends its cluster. */
const endKey = Symbol.for('redis-memory-cluster.jest')

/** Stops the cluster of this run. */
export default async function teardown(): Promise<void> {
  const run = globalThis as { [endKey]?: () => Promise<void> }
  const end = run[endKey]
  delete run[endKey]
  await end?.()
}
