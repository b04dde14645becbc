module.exports = { preset: 'redis-memory-cluster' }
