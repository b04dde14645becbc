/** The commands of a later real server, recorded: those that are there belong to the same categories. Needs no server. */
import t from 'tap'
import { recordedCommands } from '../support/docs.ts'
import { NodeHarness } from '../support/node-harness.ts'
import { parseReply, type RespValue } from '../support/resp-client.ts'

t.test('each command of 8.0.2 that is there has its categories', async (t) => {
  const { categories } = recordedCommands()
  const harness = new NodeHarness({ version: '8.0' })
  const reply = harness.type(harness.connect(), 'COMMAND')
  const ours = new Map<string, string[]>()
  const add = (entry: RespValue): void => {
    const fields = entry as RespValue[]
    ours.set(
      String(fields[0]),
      (fields[6] as RespValue[]).map((name) => String(name).slice(1)),
    )
    for (const subcommand of fields[9] as RespValue[]) add(subcommand)
  }
  for (const entry of (parseReply(reply)?.value ?? []) as RespValue[]) add(entry)
  t.ok(ours.size > 350, `${ours.size} commands`)
  for (const [name, found] of ours) t.same(found.sort(), categories[name], name)
})
