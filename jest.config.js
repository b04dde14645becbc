module.exports = {
  preset: 'redis-memory-cluster',
  roots: ['<rootDir>/cjs'],
  globals: { redisMemoryCluster: { password: 'a/b' } },
}
