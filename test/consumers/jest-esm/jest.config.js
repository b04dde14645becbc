export default {
  globalSetup: 'redis-memory-cluster/jest',
  globalTeardown: 'redis-memory-cluster/jest-teardown',
  globals: { redisMemoryCluster: { masters: 1, replicas: 0, password: 'se/cret' } },
  transform: {},
}
