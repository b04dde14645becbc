import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { listen } from '../../lib/runtime/listen.ts'
import { ListeningSockets } from '../../lib/runtime/listening-sockets.ts'

/** Sockets that end with the test, and the connections they take. */
function opened(t: Test) {
  const taken: [address: string | undefined, path: string | undefined][] = []
  const sockets = new ListeningSockets({}, (socket, path) => {
    taken.push([socket.localAddress, path])
    socket.destroy()
  })
  t.teardown(() => sockets.close())
  return { sockets, taken }
}

async function visit(socket: Socket): Promise<void> {
  socket.resume()
  await once(socket, 'close')
}

t.test('one port at several addresses', async (t) => {
  const { sockets, taken } = opened(t)
  await sockets.open(['127.0.0.1', '127.0.0.2'], 0)
  for (const host of ['127.0.0.2', '127.0.0.1']) await visit(connect(sockets.port, host))
  t.same(taken, [
    ['127.0.0.2', undefined],
    ['127.0.0.1', undefined],
  ])
})

t.test('an address that this machine lacks is an error, unless it may be missing', async (t) => {
  const { sockets } = opened(t)
  await t.rejects(sockets.open(['127.0.0.1', '192.0.2.1'], 0), { code: 'EADDRNOTAVAIL' })
  t.equal(sockets.port, 0, 'nothing listens')
  await sockets.open(['127.0.0.1', '-192.0.2.1'], 0)
  t.not(sockets.port, 0)
})

t.test('a taken port is an error at any address', async (t) => {
  const other = createServer()
  await listen(other, '127.0.0.2', 0)
  t.teardown(() => other.close())
  const { port } = other.address() as { port: number }
  const { sockets } = opened(t)
  await t.rejects(sockets.open(['127.0.0.1', '127.0.0.2'], port), { code: 'EADDRINUSE', port })
  t.equal(sockets.port, 0, 'nothing listens')
})

t.test('stars stand for all addresses', async (t) => {
  const { sockets, taken } = opened(t)
  await sockets.open(['*', '-::*'], 0)
  await visit(connect(sockets.port, '127.0.0.1'))
  t.same(taken, [['127.0.0.1', undefined]])
})

t.test('a path is taken over from whoever left it, and goes in the end', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'listening-sockets-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'socket')
  writeFileSync(path, '')
  const { sockets, taken } = opened(t)
  await sockets.openPath(path, 0o700)
  t.equal(statSync(path).mode & 0o777, 0o700)
  await visit(connect(path))
  t.match(taken, [[undefined, path]])
  await sockets.close()
  t.notOk(existsSync(path))
})
