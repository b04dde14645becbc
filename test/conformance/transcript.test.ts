/** What a real Redis 8.0 answered, byte for byte: see test/support/transcript.ts. */
import t from 'tap'
import { NodeHarness } from '../support/node-harness.ts'
import { readTranscripts } from '../support/transcript.ts'

for (const [name, { redis, scenarios }] of readTranscripts()) {
  t.test(`${name}, ${redis}`, async (t) => {
    for (const { about, protocol, lines } of scenarios) {
      const harness = new NodeHarness({ version: '8.0', config: { 'enable-debug-command': 'yes' } })
      const client = harness.connect()
      harness.type(client, `HELLO ${protocol}`)
      for (const [command, reply] of lines) {
        const ours = harness.type(client, command).replaceAll('\r\n', '|')
        if (ours !== reply) t.equal(ours, reply, `${about}: ${command}`)
      }
      t.pass(about)
    }
  })
}
