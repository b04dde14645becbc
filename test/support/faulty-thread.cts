/**
 * What a thread loads to run the faulty worker: CommonJS like the real entry, for Node.js aborts when a thread is
 * terminated while it requires an ES module.
 */
const loaded = import('./faulty-worker.ts')

module.exports = async (task: never): Promise<unknown> => (await loaded).default(task)
