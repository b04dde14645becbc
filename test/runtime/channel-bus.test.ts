/** The channel bus keeps the promises of a bus transport. */
import { MessageChannel } from 'node:worker_threads'
import t from 'tap'
import { ChannelBus } from '../../lib/runtime/channel-bus.ts'
import { type BusEnd, busTransportSuite, Recorder } from './bus-transport-suite.ts'

busTransportSuite(t, 'channel', () => {
  const ends: (BusEnd & { transport: ChannelBus })[] = []
  const dead = new Set<number>()
  const directory = {
    find: (_ip: string, busPort: number) => (dead.has(busPort) ? undefined : busPort),
    addressOf: () => '127.0.0.1',
  }
  return {
    async add() {
      const heard = new Recorder()
      const index = ends.length
      const transport = new ChannelBus(heard, directory, '127.0.0.1')
      for (const [peer, other] of ends.entries()) {
        const { port1, port2 } = new MessageChannel()
        transport.addPeer(peer, port1)
        other.transport.addPeer(index, port2)
      }
      const added = { transport, heard, ip: '127.0.0.1', busPort: index }
      ends.push(added)
      return added
    },
    async kill({ transport, busPort }) {
      dead.add(busPort)
      await transport.stop()
    },
    async stop() {
      await Promise.all(ends.map(({ transport }) => transport.stop()))
    },
  }
})
