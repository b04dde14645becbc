/**
 * What every bus transport must do, as one suite: each transport's test runs it over itself. Two or three ends, links in
 * both directions, and everything a cluster machine relies on.
 */
import { EventEmitter, once } from 'node:events'
import type { Test } from 'tap'
import type { BusMessage } from '../../lib/bus/message.ts'
import { NodeFlag, SLOT_BITMAP_BYTES } from '../../lib/bus/message.ts'
import type { BusListener, BusTransport } from '../../lib/runtime/bus-transport.ts'

/** One end of the bus under test. */
export interface BusEnd {
  readonly transport: BusTransport
  readonly ip: string
  readonly busPort: number
  readonly heard: Recorder
}

/** Makes ends that can reach each other. */
export interface BusFixture {
  /** A new end; ends made by one fixture know each other. */
  add(): Promise<BusEnd>
  /** The end dies without a word, as a killed thread does. */
  kill(end: BusEnd): Promise<void>
  stop(): Promise<void>
}

/** Writes down what a transport reports, and waits for more. */
export class Recorder implements BusListener {
  readonly events: [what: string, link: number, detail?: unknown][] = []
  readonly #changed = new EventEmitter()

  #add(...event: [string, number, unknown?]): void {
    this.events.push(event)
    this.#changed.emit('event')
  }

  accepted = (link: number, remoteIp: string, localIp: string): void =>
    this.#add('accepted', link, { remoteIp, localIp })
  opened = (link: number): void => this.#add('opened', link)
  failed = (link: number): void => this.#add('failed', link)
  closed = (link: number): void => this.#add('closed', link)
  message = (link: number, message: BusMessage): void => this.#add('message', link, message)
  dropped = (link: number, type: number): void => this.#add('dropped', link, type)
  broken = (link: number, log: string): void => this.#add('broken', link, log)

  /** The n-th event of a kind, waiting for it; gives up after ten seconds with what was heard. */
  async nth(what: string, n = 1): Promise<[string, number, unknown?]> {
    const signal = AbortSignal.timeout(10_000)
    for (;;) {
      const event = this.events.filter(([name]) => name === what)[n - 1]
      if (event !== undefined) return event
      try {
        await once(this.#changed, 'event', { signal })
      } catch {
        throw new Error(`no ${what} #${n}; heard ${JSON.stringify(this.events).slice(0, 500)}`)
      }
    }
  }
}

/** A message that can be told from others. */
export function numbered(number: number): BusMessage {
  return {
    type: 'publish',
    header: {
      sender: 'a'.repeat(40),
      port: 7000,
      otherPort: 0,
      busPort: 17000,
      currentEpoch: number,
      configEpoch: 1,
      offset: 0,
      slots: new Uint8Array(SLOT_BITMAP_BYTES),
      masterId: undefined,
      ip: '',
      flags: NodeFlag.master | NodeFlag.myself,
      state: 'ok',
      messageFlags: 0,
    },
    channel: 'news\0\xff',
    payload: `message ${number}`,
  }
}

/** Runs the suite. */
export function busTransportSuite(t: Test, name: string, fixture: () => BusFixture): void {
  const scenario = (claim: string, body: (t: Test, bus: BusFixture) => Promise<void>): void => {
    t.test(`${name}: ${claim}`, async (t) => {
      const bus = fixture()
      t.teardown(() => bus.stop())
      await body(t, bus)
    })
  }

  scenario('a link opens at one end and is accepted at the other', async (t, bus) => {
    const [a, b] = [await bus.add(), await bus.add()]
    a.transport.connect(1, b.ip, b.busPort)
    await a.heard.nth('opened')
    const [, inbound, addresses] = await b.heard.nth('accepted')
    t.ok(inbound < 0, 'inbound links have negative numbers')
    t.strictSame(addresses, { remoteIp: a.ip, localIp: b.ip })
  })

  scenario('messages arrive whole, in order, both ways on one link', async (t, bus) => {
    const [a, b] = [await bus.add(), await bus.add()]
    a.transport.connect(1, b.ip, b.busPort)
    const [, inbound] = await b.heard.nth('accepted')
    for (let i = 1; i <= 50; i++) a.transport.send(1, numbered(i))
    await b.heard.nth('message', 50)
    t.strictSame(
      messages(b),
      Array.from({ length: 50 }, (_, i) => numbered(i + 1)),
    )
    b.transport.send(inbound, numbered(99))
    t.strictSame((await a.heard.nth('message'))[2], numbered(99))
  })

  scenario('what is sent before the link is open waits for it', async (t, bus) => {
    const [a, b] = [await bus.add(), await bus.add()]
    a.transport.connect(7, b.ip, b.busPort)
    a.transport.send(7, numbered(1))
    t.strictSame((await b.heard.nth('message'))[2], numbered(1))
  })

  scenario('two nodes keep a link each way apart', async (t, bus) => {
    const [a, b] = [await bus.add(), await bus.add()]
    a.transport.connect(1, b.ip, b.busPort)
    b.transport.connect(1, a.ip, a.busPort)
    await Promise.all([a.heard.nth('opened'), b.heard.nth('opened')])
    a.transport.send(1, numbered(1))
    b.transport.send(1, numbered(2))
    const [atB, atA] = await Promise.all([b.heard.nth('message'), a.heard.nth('message')])
    t.ok(atB[1] < 0 && atA[1] < 0, 'each arrives on the inbound link')
    t.strictSame([atB[2], atA[2]], [numbered(1), numbered(2)])
  })

  scenario('nobody there is a failure, not an error', async (t, bus) => {
    const [a, b] = [await bus.add(), await bus.add()]
    await bus.kill(b)
    a.transport.connect(3, b.ip, b.busPort)
    a.transport.send(3, numbered(1))
    t.equal((await a.heard.nth('failed'))[1], 3)
  })

  scenario('closing a link is heard at the other end only', async (t, bus) => {
    const [a, b] = [await bus.add(), await bus.add()]
    a.transport.connect(1, b.ip, b.busPort)
    const [, inbound] = await b.heard.nth('accepted')
    await a.heard.nth('opened')
    a.transport.close(1)
    t.equal((await b.heard.nth('closed'))[1], inbound)
    t.notOk(a.heard.events.some(([what]) => what === 'closed'))
    b.transport.send(inbound, numbered(1))
    a.transport.close(1)
    a.transport.connect(2, b.ip, b.busPort)
    await a.heard.nth('opened', 2)
    t.notOk(
      a.heard.events.some(([what]) => what === 'message'),
      'nothing comes after the end',
    )
  })

  scenario('a peer that dies ends its links', async (t, bus) => {
    const [a, b] = [await bus.add(), await bus.add()]
    a.transport.connect(1, b.ip, b.busPort)
    await a.heard.nth('opened')
    b.transport.connect(5, a.ip, a.busPort)
    const [, inbound] = await a.heard.nth('accepted')
    await bus.kill(b)
    await a.heard.nth('closed', 2)
    const closed = a.heard.events.filter(([what]) => what === 'closed').map(([, link]) => link)
    t.strictSame(new Set(closed), new Set([1, inbound]))
  })

  scenario('ends do not mix up their peers', async (t, bus) => {
    const ends = [await bus.add(), await bus.add(), await bus.add()]
    const [a, b, c] = ends as [BusEnd, BusEnd, BusEnd]
    a.transport.connect(1, c.ip, c.busPort)
    b.transport.connect(1, c.ip, c.busPort)
    a.transport.send(1, numbered(1))
    b.transport.send(1, numbered(2))
    const [first, second] = [await c.heard.nth('message', 1), await c.heard.nth('message', 2)]
    t.not(first[1], second[1], 'on different links')
    t.strictSame(new Set(messages(c)), new Set([numbered(1), numbered(2)]))
  })
}

function messages(end: BusEnd): unknown[] {
  return end.heard.events.filter(([what]) => what === 'message').map(([, , message]) => message)
}
