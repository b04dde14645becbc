/** The TCP bus keeps the promises of a bus transport, and closes on bytes that are no message. */
import { connect } from 'node:net'
import t from 'tap'
import { TcpBus } from '../../lib/runtime/tcp-bus.ts'
import { type BusEnd, busTransportSuite, Recorder } from './bus-transport-suite.ts'

async function end(): Promise<BusEnd> {
  const heard = new Recorder()
  const transport = await TcpBus.listen(heard, ['127.0.0.1'], 0)
  return { transport, heard, ip: '127.0.0.1', busPort: transport.port }
}

busTransportSuite(t, 'tcp', () => {
  const ends: BusEnd[] = []
  return {
    async add() {
      const added = await end()
      ends.push(added)
      return added
    },
    kill: ({ transport }) => transport.stop(),
    async stop() {
      await Promise.all(ends.map(({ transport }) => transport.stop()))
    },
  }
})

t.test('a taken port is an error', async (t) => {
  const { transport, busPort } = await end()
  t.teardown(() => transport.stop())
  await t.rejects(TcpBus.listen(new Recorder(), ['127.0.0.1'], busPort), { code: 'EADDRINUSE' })
})

t.test('bytes that are no message end the link with the line of Redis', async (t) => {
  const { transport, busPort, heard } = await end()
  t.teardown(() => transport.stop())
  const socket = connect(busPort, '127.0.0.1')
  socket.on('error', () => {})
  t.teardown(() => socket.destroy())
  socket.write('GET / HTTP/1.1\r\n\r\n')
  const [, , text] = await heard.nth('broken')
  t.equal(text, 'Bad message length or signature received from Cluster bus.')
  await heard.nth('closed')
})
