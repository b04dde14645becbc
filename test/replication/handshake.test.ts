import { Buffer } from 'node:buffer'
import t from 'tap'
import {
  Handshake,
  type HandshakeOutcome,
  type HandshakePurpose,
} from '../../lib/replication/handshake.ts'
import { Journal } from '../../lib/replication/journal.ts'
import { defaultSettings } from '../support/replicating-node.ts'

const ID = 'b'.repeat(40)

function start(
  settings = {},
  place: { id: string; offset: number } | undefined = undefined,
  purpose: HandshakePurpose = 'follow',
) {
  const written: string[] = []
  const log: string[] = []
  const journal = new Journal((effect) => {
    if (effect.type === 'log') log.push(`${effect.level === 'warning' ? '#' : '*'} ${effect.text}`)
  })
  const handshake = new Handshake(
    { ...defaultSettings(), ...settings },
    place,
    (bytes) => written.push(bytes.replaceAll('\r\n', ' ')),
    journal,
    purpose,
  )
  /** Feeds whole text, line by line; the outcome and what came behind it. */
  const answer = (text: string): { outcome?: HandshakeOutcome; rest: string } => {
    let bytes = Buffer.from(text)
    while (bytes.length > 0) {
      const { consumed, outcome } = handshake.take(bytes)
      bytes = bytes.subarray(consumed)
      if (outcome !== undefined) return { outcome, rest: bytes.toString() }
    }
    return { rest: '' }
  }
  return { handshake, written, log, answer }
}

const LISTENING = '*3 $8 REPLCONF $14 listening-port $4 6379 '
const CAPA = '*5 $8 REPLCONF $4 capa $3 eof $4 capa $6 psync2 '

t.test('what a replica says, as a real one', async (t) => {
  const { written, log, answer } = start({}, { id: ID, offset: 70 })
  t.strictSame(written.splice(0), ['*1 $4 PING '])
  answer('+PO')
  t.strictSame(written, [], 'half an answer is none')
  answer('NG\r\n')
  t.strictSame(written.splice(0), [LISTENING + CAPA])
  answer('+OK\r\n')
  t.strictSame(written, [], 'PSYNC waits for all answers')
  answer('+OK\r\n')
  t.strictSame(written, [`*3 $5 PSYNC $40 ${ID} $2 71 `])
  t.strictSame(log, [
    '* Master replied to PING, replication can continue...',
    `* Trying a partial resynchronization (request ${ID}:71).`,
  ])
})

t.test('what it tells of itself', async (t) => {
  const { written, answer } = start({
    masterUser: 'u',
    masterAuth: 'p',
    announceIp: 'h',
    announcePort: 9,
  })
  answer('-NOAUTH Authentication required.\r\n')
  t.equal(
    written[1],
    `*3 $4 AUTH $1 u $1 p *3 $8 REPLCONF $14 listening-port $1 9 *3 $8 REPLCONF $10 ip-address $1 h ${CAPA}`,
  )
  answer('+OK\r\n+OK\r\n+OK\r\n+OK\r\n')
  t.equal(written[2], '*3 $5 PSYNC $1 ? $2 -1 ', 'without a place it asks for everything')
  const password = start({ masterAuth: 'p' })
  password.answer('+PONG\r\n')
  t.equal(password.written[1], `*2 $4 AUTH $1 p ${LISTENING}${CAPA}`)
})

const GREETED = '+PONG\r\n+OK\r\n+OK\r\n'

t.test('what the master may answer', async (t) => {
  const table: [answer: string, outcome: HandshakeOutcome, log: string][] = [
    ['-ERR weird', { type: 'failed' }, "# Error reply to PING from master: '-ERR weird'"],
    [
      `${GREETED}\n\n+FULLRESYNC ${ID} 5`,
      { type: 'full', beginning: { id: ID, offset: 5 } },
      `* Full resync from master: ${ID}:5`,
    ],
    [
      `${GREETED}+FULLRESYNC abc`,
      { type: 'failed' },
      '# Master replied with wrong +FULLRESYNC syntax.',
    ],
    [
      `${GREETED}+CONTINUE ${ID}`,
      { type: 'continue', id: ID },
      '* Successful partial resynchronization with master.',
    ],
    [
      `${GREETED}+CONTINUE`,
      { type: 'continue', id: undefined },
      '* Successful partial resynchronization with master.',
    ],
    [
      `${GREETED}-LOADING Redis is loading`,
      { type: 'failed' },
      '* Master is currently unable to PSYNC but should be in the future: -LOADING Redis is loading',
    ],
    [
      `${GREETED}-ERR unknown command`,
      { type: 'full', beginning: undefined },
      '* Retrying with SYNC...',
    ],
    [`${GREETED}+WHAT`, { type: 'full', beginning: undefined }, '* Retrying with SYNC...'],
    [
      'x'.repeat(3000),
      { type: 'failed' },
      '# Failed to read response from the server: the line is too long',
    ],
  ]
  for (const [text, outcome, line] of table) {
    const { answer, log } = start({}, { id: ID, offset: 0 })
    const got = answer(text.length > 1024 ? text : `${text}\r\nrest`)
    t.strictSame(got.outcome, outcome, text.slice(-30))
    t.equal(log.at(-1), line)
    if (text.length < 1024) t.equal(got.rest, 'rest', 'what follows is not touched')
  }
})

t.test('refusals', async (t) => {
  const refused = start({ masterAuth: 'p' })
  t.strictSame(refused.answer('+PONG\r\n-WRONGPASS no\r\n').outcome, { type: 'failed' })
  t.equal(refused.log.at(-1), '# Unable to AUTH to MASTER: -WRONGPASS no')

  const old = start()
  t.equal(old.answer('+PONG\r\n-ERR what\r\n-ERR what\r\n').outcome, undefined)
  t.ok(old.log.includes('* (Non critical) Master does not understand REPLCONF capa: -ERR what'))
  t.strictSame(old.answer('-ERR no\r\n').outcome, { type: 'full', beginning: undefined })
  t.equal(old.written.at(-1), 'SYNC ')

  const odd = start()
  odd.answer(GREETED)
  t.strictSame(
    odd.answer('+CONTINUE\r\n').outcome,
    { type: 'full', beginning: undefined },
    'nothing to continue',
  )
})

t.test('a successor is asked once, to take over and nothing less', async (t) => {
  const ask = (text: string) => {
    const asked = start({}, { id: ID, offset: 6 }, 'hand over')
    return { ...asked, outcome: asked.answer(`${GREETED}${text}`).outcome }
  }
  const refusals = ['-ERR no', '-NOPERM no', '-LOADING x', '-NOMASTERLINK x', '+FULLRESYNC x']
  for (const line of refusals) {
    const { outcome, written } = ask(`${line}\r\n`)
    t.strictSame(outcome, { type: 'refused' }, line)
    t.equal(written.at(-1), `*4 $5 PSYNC $40 ${ID} $1 7 $8 FAILOVER `)
  }
  t.strictSame(ask(`+CONTINUE ${ID}\r\n`).outcome, { type: 'continue', id: ID })
  t.equal(ask(`+FULLRESYNC ${ID} 5\r\n`).outcome?.type, 'full')
  t.strictSame(ask('').handshake.closed('gone'), { type: 'refused' })
  const early = start({}, { id: ID, offset: 6 }, 'hand over')
  t.strictSame(early.handshake.closed('gone'), { type: 'failed' }, 'it was not asked')
  t.strictSame(early.answer('-ERR weird\r\n').outcome, { type: 'failed' })
})

t.test('a connection that ends', async (t) => {
  const early = start()
  early.handshake.closed('Success')
  t.strictSame(early.log, [
    '# Failed to read response from the server: Success',
    '# Master did not respond to command during SYNC handshake',
  ])
  const late = start()
  late.answer(GREETED)
  late.handshake.closed('Success')
  t.strictSame(late.log.slice(-2), [
    '# Failed to read response from the server: Success',
    '# Master did not reply to PSYNC, will try later',
  ])
})
