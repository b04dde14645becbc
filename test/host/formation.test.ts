import { once } from 'node:events'
import { createServer } from 'node:net'
import t, { type Test } from 'tap'
import { Field, SharedMemory } from '../../lib/base/shared-layout.ts'
import { bootAgain, bootAll, formAll } from '../../lib/host/formation.ts'
import { NodeRunner } from '../../lib/host/node-runner.ts'
import { planCluster } from '../../lib/host/topology.ts'
import { bootFor, faultyPool } from '../support/test-threads.ts'

function runners(t: Test, ports: readonly number[]): { all: NodeRunner[]; shared: SharedMemory } {
  const pool = faultyPool(t)
  const shared = new SharedMemory(ports.length)
  const all = ports.map((port, index) => {
    const [{ port: _, control, ...boot }, host] = bootFor(index)
    control.close()
    host.close()
    const template = { ...boot, shared: shared.buffer, capacity: ports.length }
    const listener = { ended() {}, log() {}, told() {} }
    return new NodeRunner(template, { pool, shared, listener, port })
  })
  t.teardown(() => Promise.all(all.map((runner) => runner.end('stopped'))))
  return { all, shared }
}

t.test('nodes boot, form by the plan, and one of them again', async (t) => {
  const { all, shared } = runners(t, [0, 0, 0])
  await bootAll(all, 'channel')
  t.ok(all.every(({ life }) => life === 'running'))
  const plan = planCluster({ masters: 3, replicas: 0, seed: '1' })
  const addresses = all.map(({ port, busPort }) => ({ host: '127.0.0.1', port, busPort }))
  await formAll(all, plan, addresses)
  t.strictSame(
    all.map(({ index }) => shared.get(index, Field.knownNodes)),
    [3, 3, 3],
  )
  const [first, ...others] = all as [NodeRunner, ...NodeRunner[]]
  const { port, config } = first
  await first.end('killed')
  await bootAgain(first, others, 'channel')
  t.equal(first.port, port)
  t.equal(first.config, config)
})

t.test('without a plan they stay blank', async (t) => {
  const { all, shared } = runners(t, [0, 0])
  await bootAll(all, 'tcp')
  await formAll(all, undefined, [])
  t.strictSame(
    all.map(({ index }) => shared.get(index, Field.knownNodes)),
    [0, 0],
  )
})

t.test('every taken port is named, once all nodes have tried', async (t) => {
  const servers = [createServer(), createServer()]
  const ports = []
  for (const server of servers) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    ports.push(typeof address === 'object' ? (address?.port ?? 0) : 0)
  }
  t.teardown(() => servers.map((server) => server.close()))
  const [one = 0, other = 0] = ports
  const { all } = runners(t, [one, 0, other])
  await t.rejects(bootAll(all, 'tcp'), {
    code: 'ERR_PORT_TAKEN',
    message:
      `node 0 (127.0.0.1:${one}): port ${one} is in use; node 2 (127.0.0.1:${other}): ` +
      `port ${other} is in use. Try another \`port\`, or leave it out for free ports`,
  })
  t.equal(all[1]?.life, 'running', 'the caller stops the rest')
})
