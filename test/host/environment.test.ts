import t from 'tap'
import { environmentOf } from '../../lib/host/environment.ts'

t.test('nodes are listed with their ports', async (t) => {
  t.strictSame(environmentOf({ urls: ['redis://127.0.0.1:7000', 'redis://[::1]:7001'] }), {
    REDIS_CLUSTER_NODES: '127.0.0.1:7000,[::1]:7001',
  })
})

t.test('a password is told as it is', async (t) => {
  t.strictSame(environmentOf({ urls: [`redis://:${encodeURIComponent('a/b@c:é')}@127.0.0.1:1`] }), {
    REDIS_CLUSTER_NODES: '127.0.0.1:1',
    REDIS_CLUSTER_PASSWORD: 'a/b@c:é',
  })
})
