/** The bus with faults: whole it keeps the promises of any transport, and each fault is the same over both transports. */
import { MessageChannel } from 'node:worker_threads'
import t, { type Test } from 'tap'
import { FaultMatrix, type PathFault } from '../../lib/base/fault-matrix.ts'
import { Random } from '../../lib/base/random.ts'
import { ChannelBus } from '../../lib/runtime/channel-bus.ts'
import { FaultyBus } from '../../lib/runtime/faulty-bus.ts'
import { TcpBus } from '../../lib/runtime/tcp-bus.ts'
import { CUT, poor } from '../support/fault-stage.ts'
import {
  type BusEnd,
  type BusFixture,
  busTransportSuite,
  numbered,
  Recorder,
} from './bus-transport-suite.ts'

const NODES = 3

/** Ends whose messages say who sent them, and the matrix between them. */
class FaultyFixture implements BusFixture {
  readonly matrix = new FaultMatrix(new SharedArrayBuffer(FaultMatrix.length(NODES)), 0, NODES)
  readonly #kind: 'channel' | 'tcp'
  readonly #ends: (BusEnd & { transport: FaultyBus; inner: ChannelBus | TcpBus })[] = []
  readonly #dead = new Set<number>()

  constructor(kind: 'channel' | 'tcp') {
    this.#kind = kind
  }

  async add(): Promise<BusEnd> {
    const heard = new Recorder()
    const self = this.#ends.length
    const at = (_ip: string, busPort: number) => {
      const index = this.#ends.findIndex((end) => end.busPort === busPort)
      return index < 0 ? undefined : index
    }
    const book = { at, named: (id: string) => Number(id[0]) }
    const transport = new FaultyBus(heard, {
      matrix: this.matrix,
      self,
      book,
      random: new Random(self),
    })
    const inner = await this.#inner(transport, self)
    transport.surround(inner)
    const busPort = inner instanceof TcpBus ? inner.port : self
    const end = { transport, inner, heard, ip: '127.0.0.1', busPort }
    this.#ends.push(end)
    return end
  }

  async #inner(transport: FaultyBus, self: number): Promise<ChannelBus | TcpBus> {
    if (this.#kind === 'tcp') return TcpBus.listen(transport, ['127.0.0.1'], 0)
    const find = (_ip: string, busPort: number) => (this.#dead.has(busPort) ? undefined : busPort)
    const bus = new ChannelBus(transport, { find, addressOf: () => '127.0.0.1' }, '127.0.0.1')
    for (const [peer, { inner }] of this.#ends.entries()) {
      const { port1, port2 } = new MessageChannel()
      bus.addPeer(peer, port1)
      if (inner instanceof ChannelBus) inner.addPeer(self, port2)
    }
    return bus
  }

  /** Sets the fault of both directions, and lets all look. */
  befall(fault: PathFault | undefined, from = 0, to = 1): void {
    this.matrix.write(from, to, fault)
    this.matrix.write(to, from, fault)
    this.look()
  }

  look(): void {
    for (const { transport } of this.#ends) transport.look()
  }

  async kill({ transport, busPort }: BusEnd): Promise<void> {
    this.#dead.add(busPort)
    await transport.stop()
  }

  async stop(): Promise<void> {
    await Promise.all(this.#ends.map(({ transport }) => transport.stop()))
  }
}

/** A message of the end with this index. */
function from(index: number, number: number) {
  const message = numbered(number)
  return { ...message, header: { ...message.header, sender: String(index).repeat(40) } }
}

const kinds = (end: BusEnd) => end.heard.events.map(([what]) => what)
const payloads = (end: BusEnd) =>
  end.heard.events.flatMap(([what, , message]) =>
    what === 'message' ? [(message as { payload: string }).payload] : [],
  )

for (const kind of ['channel', 'tcp'] as const) {
  busTransportSuite(t, `${kind} with room for faults`, () => new FaultyFixture(kind))

  const scenario = (
    claim: string,
    body: (t: Test, bus: FaultyFixture, ends: readonly [BusEnd, BusEnd, BusEnd]) => Promise<void>,
  ) =>
    t.test(`${kind}: ${claim}`, async (t) => {
      const bus = new FaultyFixture(kind)
      t.teardown(() => bus.stop())
      await body(t, bus, [await bus.add(), await bus.add(), await bus.add()])
    })

  /** A link from the first to the second, known at both ends. */
  const linked = async (a: BusEnd, b: BusEnd): Promise<number> => {
    a.transport.connect(1, b.ip, b.busPort)
    a.transport.send(1, from(0, 0))
    return (await b.heard.nth('message'))[1]
  }

  /** Time enough for whatever would come: a round trip between others. */
  const meanwhile = async (a: BusEnd, c: BusEnd, sender = 0): Promise<void> => {
    const count = (end: BusEnd, kind: string) => kinds(end).filter((what) => what === kind).length
    const [opened, arrived] = [count(a, 'opened'), count(c, 'message')]
    a.transport.connect(99, c.ip, c.busPort)
    a.transport.send(99, from(sender, 99))
    await Promise.all([a.heard.nth('opened', opened + 1), c.heard.nth('message', arrived + 1)])
    a.transport.close(99)
  }

  scenario('a cut delivers nothing, then all of it in order', async (t, bus, [a, b, c]) => {
    const inbound = await linked(a, b)
    bus.befall(CUT)
    for (const number of [1, 2]) a.transport.send(1, from(0, number))
    b.transport.send(inbound, from(1, 7))
    t.ok(a.transport.bufferedBytes(1) > 2000)
    await meanwhile(a, c)
    t.strictSame([payloads(a), payloads(b)], [[], ['message 0']])
    bus.befall(undefined)
    await b.heard.nth('message', 3)
    await a.heard.nth('message', 1)
    t.strictSame([payloads(a), payloads(b)], [['message 7'], [0, 1, 2].map((i) => `message ${i}`)])
    t.equal(a.transport.bufferedBytes(1), 0)
  })

  scenario(
    'a cut link is not seen to end, neither by a close nor by a death',
    async (t, bus, [a, b, c]) => {
      await linked(a, b)
      bus.befall(CUT)
      a.transport.send(1, from(0, 1))
      a.transport.close(1)
      await meanwhile(a, c)
      t.notOk(kinds(b).includes('closed'))
      bus.befall(undefined)
      await b.heard.nth('closed')
      t.strictSame(payloads(b), ['message 0'], 'what was given up is lost')
      a.transport.connect(2, b.ip, b.busPort)
      a.transport.send(2, from(0, 2))
      await b.heard.nth('message', 2)
      bus.befall(CUT)
      await bus.kill(a)
      await meanwhile(c, b, 2)
      const [, ended] = await b.heard.nth('closed', 2)
      const [, fromC] = await b.heard.nth('accepted', 3)
      t.equal(ended, fromC, 'only the end of the link that is whole is seen')
      bus.befall(undefined)
      await b.heard.nth('closed', 3)
    },
  )

  scenario(
    'nobody can be reached through a cut, alive or dead, until it is healed',
    async (t, bus, [a, b, c]) => {
      bus.matrix.write(1, 0, CUT)
      a.transport.connect(1, b.ip, b.busPort)
      a.transport.connect(2, b.ip, b.busPort)
      a.transport.close(2)
      await meanwhile(a, c)
      t.notOk(kinds(a).includes('failed'))
      t.notOk(kinds(b).includes('accepted'), 'one direction is enough')
      bus.matrix.write(1, 0, undefined)
      bus.look()
      t.equal((await a.heard.nth('opened', 2))[1], 1)
      bus.befall(CUT, 0, 2)
      a.transport.connect(3, c.ip, c.busPort)
      await bus.kill(c)
      await meanwhile(a, b)
      t.notOk(kinds(a).includes('failed'))
      bus.befall(undefined, 0, 2)
      t.equal((await a.heard.nth('failed'))[1], 3)
    },
  )

  scenario('one direction can be cut', async (t, bus, [a, b, c]) => {
    const inbound = await linked(a, b)
    bus.matrix.write(0, 1, CUT)
    a.transport.send(1, from(0, 1))
    b.transport.send(inbound, from(1, 7))
    await a.heard.nth('message')
    await meanwhile(a, c)
    t.strictSame([payloads(a), payloads(b)], [['message 7'], ['message 0']])
  })

  scenario('a delay is one and keeps the order', async (t, bus, [a, b]) => {
    await linked(a, b)
    bus.befall(poor({ minMs: 15, maxMs: 25 }))
    const begunMs = performance.now()
    for (let i = 1; i <= 10; i++) a.transport.send(1, from(0, i))
    a.transport.close(1)
    await b.heard.nth('closed')
    t.ok(performance.now() - begunMs >= 14)
    t.strictSame(
      payloads(b),
      Array.from({ length: 11 }, (_, i) => `message ${i}`),
    )
  })

  scenario('lost messages are lost, and the link lives on', async (t, bus, [a, b, c]) => {
    await linked(a, b)
    bus.befall(poor({ dropProbability: 1 }))
    a.transport.send(1, from(0, 1))
    await meanwhile(a, c)
    bus.befall(undefined)
    a.transport.send(1, from(0, 2))
    await b.heard.nth('message', 2)
    t.strictSame(payloads(b), ['message 0', 'message 2'])
    bus.befall(poor({ dropProbability: 0.5 }))
    for (let i = 0; i < 200; i++) a.transport.send(1, from(0, 3))
    bus.befall(undefined)
    a.transport.close(1)
    await b.heard.nth('closed')
    const arrived = payloads(b).length - 2
    t.ok(arrived > 60 && arrived < 140, `${arrived} of 200`)
  })
}
