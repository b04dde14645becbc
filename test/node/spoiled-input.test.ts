/**
 * Bytes damaged at random, given to the readers of one node again and again: RDB files, append-only files, nodes.conf and the
 * payloads of RESTORE. Each is refused with what is wrong and where, and then nothing of it is there, or makes data that can be
 * looked at, written and read again. SEED picks the damage, MUTANTS how many of each kind there are:
 * `MUTANTS=100000 node dist/test/node/spoiled-input.test.js`.
 */
import { Buffer } from 'node:buffer'
import t, { type Test } from 'tap'
import { AofError, AofReader } from '../../lib/aof/reader.ts'
import { Random } from '../../lib/base/random.ts'
import { CorruptConfigError, parseConfig } from '../../lib/cluster/config-file.ts'
import { withDumpFooter } from '../../lib/rdb/dump.ts'
import { RdbError } from '../../lib/rdb/format.ts'
import { setStage } from '../cluster/stage.ts'
import { damaged, keysOfAllTypes, nodesConfOfAllKinds } from '../support/damage.ts'
import { NodeHarness } from '../support/node-harness.ts'

const MUTANTS = Number(process.env.MUTANTS ?? 300)
if (process.env.MUTANTS !== undefined) t.setTimeout(0)

/** Beyond this, milliseconds of CPU, something counts far too much. */
const LONG_MS = 2000

const config = { save: '', 'enable-debug-command': 'yes' }

function filled(directives: Record<string, string> = {}): NodeHarness {
  const harness = new NodeHarness({ config: { ...config, ...directives } })
  harness.type(harness.connect(), ...keysOfAllTypes())
  return harness
}

/** Gives `attempt` one mutant after the other; it returns whether that was refused, and throws if it was not refused well. */
function survive(
  t: Test,
  makeMutant: (random: Random) => Buffer,
  attempt: (bytes: Buffer) => 'refused' | 'taken',
): void {
  const seed = process.env.SEED ?? `${Date.now()}`
  t.comment(`SEED=${seed}`)
  const random = new Random(`${seed} ${t.name}`)
  const outcomes = { refused: 0, taken: 0 }
  for (let i = 0; i < MUTANTS; i++) {
    const bytes = makeMutant(random)
    const startedAt = process.cpuUsage()
    try {
      outcomes[attempt(bytes)]++
    } catch (error) {
      t.fail(`seed ${seed}, mutant ${i}: ${(error as Error).stack}`)
      return
    }
    const { user, system } = process.cpuUsage(startedAt)
    const tookMs = (user + system) / 1000
    if (tookMs > LONG_MS) t.fail(`seed ${seed}, mutant ${i} took ${Math.round(tookMs)} ms of CPU`)
  }
  t.comment(`${MUTANTS} mutants: ${outcomes.refused} refused, ${outcomes.taken} taken`)
  t.ok(outcomes.refused > 0, 'some were refused')
}

function told(error: unknown, kind: new (...args: never[]) => Error, tells: RegExp): 'refused' {
  if (!(error instanceof kind)) throw error
  if (!tells.test(error.message)) throw new Error(`says neither what nor where: ${error.message}`)
  return 'refused'
}

for (const checksum of ['yes', 'no']) {
  t.test(`RDB files, checksum ${checksum}`, async (t) => {
    const saver = filled({ rdbchecksum: checksum })
    saver.type(saver.connect(), 'SAVE')
    const whole = saver.io.snapshot ?? Buffer.alloc(0)
    const reader = new NodeHarness({ config })
    const { dataset } = reader.node
    const client = reader.connect()
    survive(
      t,
      (random) => damaged(whole, random),
      (bytes) => {
        try {
          dataset.clear()
          dataset.read(bytes)
        } catch (error) {
          return told(error, RdbError, /offset \d|CRC error|signature|format version|node lacks/)
        }
        const digest = reader.type(client, 'DEBUG DIGEST')
        reader.type(client, 'SAVE')
        dataset.clear()
        dataset.read(reader.io.snapshot ?? Buffer.alloc(0))
        if (reader.type(client, 'DEBUG DIGEST') !== digest) throw new Error('saved otherwise')
        return 'taken'
      },
    )
  })
}

t.test('append-only files', async (t) => {
  const encode = (line: string): string => {
    const words = line.split(' ')
    return `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`
  }
  const lines = keysOfAllTypes().filter((_, i) => i % 4 === 0)
  lines.push('XGROUP CREATE x g 0 MKSTREAM', 'MULTI', 'SET a 1', 'INCR a', 'EXEC', 'SELECT 5')
  const whole = Buffer.from(lines.map(encode).join(''))
  const { node, ...harness } = new NodeHarness({ config })
  survive(
    t,
    (random) => damaged(whole, random),
    (bytes) => {
      node.dataset.clear()
      const session = node.openLoadingSession()
      const reader = new AofReader(bytes, { maxBulkLength: 512 * 1024 * 1024 })
      try {
        for (let argv = reader.next(); argv !== undefined; argv = reader.next()) {
          const trouble = node.replay(session, argv)
          // What the node does about these is the loader's: spoiled-file.test.ts.
          if (trouble !== undefined) return 'refused'
        }
      } catch (error) {
        return told(error, AofError, /at offset \d/)
      } finally {
        if (session.transaction.active) session.transaction.discard()
        harness.io.logs.length = 0
      }
      return 'taken'
    },
  )
})

t.test('nodes.conf', async (t) => {
  survive(
    t,
    (random) => damaged(nodesConfOfAllKinds(), random),
    (bytes) => {
      let restored: ReturnType<typeof parseConfig>
      try {
        restored = parseConfig(bytes.toString('latin1'))
      } catch (error) {
        return told(
          error,
          CorruptConfigError,
          /corrupted cluster config file \((line \d+|no node is myself)\)/,
        )
      }
      const { stage, machine } = setStage({ restored })
      stage.step({ type: 'tick' })
      const written = machine.describeConfig()
      const again = setStage({ restored: parseConfig(written) }).machine
      if (again.myId !== machine.myId) throw new Error(`another id: ${written}`)
      for (let slot = 0; slot < 16_384; slot += 97) {
        if (again.ownerOf(slot) !== machine.ownerOf(slot)) throw new Error(`slot ${slot}`)
      }
      return 'taken'
    },
  )
})

t.test('payloads of RESTORE', async (t) => {
  const writer = filled()
  const asker = writer.connect()
  const keys = ['s', 'long', 'n', 'l', 'ints', 'set', 'z', 'h', 'x', 'p', 'bigset', 'bigz']
  const bodies = keys.map((key) => {
    const reply = writer.run(asker, 'DUMP', key)
    const dump = reply.slice(reply.indexOf('\n') + 1, -2)
    return Buffer.from(dump.slice(0, -10), 'latin1')
  })
  const reader = new NodeHarness({ config })
  const client = reader.connect()
  survive(
    t,
    (random) => {
      const body = damaged(bodies[random.below(bodies.length)] as Buffer, random)
      // With a checksum that fits, or with that of another one.
      if (random.below(8) > 0) return Buffer.from(withDumpFooter(body), 'latin1')
      return damaged(Buffer.from(withDumpFooter(body), 'latin1'), random)
    },
    (bytes) => {
      reader.io.logs.length = 0
      const reply = reader.run(client, 'RESTORE', 'key', '0', bytes.toString('latin1'))
      if (reply === '+OK\r\n') {
        const digest = reader.type(
          client,
          'DEBUG DIGEST-VALUE key',
          'TYPE key',
          'OBJECT ENCODING key',
        )
        const dump = reader.run(client, 'DUMP', 'key')
        const again = dump.slice(dump.indexOf('\n') + 1, -2)
        if (reader.run(client, 'RESTORE', 'key', '0', again, 'REPLACE') !== reply) {
          throw new Error('what was written again is refused')
        }
        const second = reader.type(client, 'DEBUG DIGEST-VALUE key', 'TYPE key', 'DEL key')
        if (second.slice(0, 40) !== digest.slice(0, 40)) throw new Error('written otherwise')
        return 'taken'
      }
      if (reader.type(client, 'EXISTS key') !== ':0\r\n') throw new Error('half of it is there')
      if (/^-ERR DUMP payload version or checksum are wrong/.test(reply)) return 'refused'
      if (reply !== '-ERR Bad data format\r\n') throw new Error(reply)
      const line = reader.io.logs.map(([, text]) => text).join()
      if (!/^Internal error in RDB reading.*\w/.test(line)) throw new Error(`logged: ${line}`)
      return 'refused'
    },
  )
})
