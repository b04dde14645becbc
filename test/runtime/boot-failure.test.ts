/** Why a node cannot be, as its host is told, and the channels that it gives back. */
import { once } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import t from 'tap'
import type { NodeBoot } from '../../lib/control/message.ts'
import { unpackFromNode } from '../../lib/control/pack.ts'
import { ConfigError } from '../../lib/node/config/config-text.ts'
import { clauseOf, tellFailure } from '../../lib/runtime/boot-failure.ts'

t.test('what is wrong is a line', async (t) => {
  const node = { port: 7000, server: undefined }
  const inUse = (port: number) => Object.assign(new Error('bind'), { code: 'EADDRINUSE', port })
  t.equal(clauseOf(inUse(7000), node), 'port 7000 is in use')
  t.equal(clauseOf(inUse(17000), node), 'bus port 17000 is in use')
  t.equal(clauseOf(new Error('EACCES'), node), 'EACCES')
  t.equal(clauseOf('odd', node), 'odd')
  const given = new ConfigError('no such directive', { line: 3, text: 'b\xc3\xa4d 1', words: [] })
  t.equal(clauseOf(given, node), "'bäd 1': no such directive")
  const server = { configText: '', configPath: '', workingDirectory: '/' }
  t.equal(clauseOf(given, { port: 7000, server }), given.message, 'a server says it in its way')
})

t.test('the host hears it last, after it has its channels back', async (t) => {
  const { port1: host, port2: control } = new MessageChannel()
  const { port1: mine, port2: theirs } = new MessageChannel()
  t.teardown(() => theirs.close())
  const boot = { port: 7000, control, peers: [{ index: 1, port: mine }] } as unknown as NodeBoot
  const heard: unknown[] = []
  host.on('message', (frame) => {
    if (frame instanceof Uint8Array) heard.push(...unpackFromNode(frame))
    else {
      heard.push(frame.type)
      frame.ports[0].close()
    }
  })
  tellFailure(boot, 'ERR_LISTEN', new Error('no'))
  await once(host, 'close')
  t.same(heard, ['unused', { type: 'failed', code: 'ERR_LISTEN', text: 'no' }])
})
