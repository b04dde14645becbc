import { readdirSync } from 'node:fs'
import t from 'tap'
import { levers } from '../../../lib/host/lever/table.ts'

t.test('every file with a lever is in the table, under its name', async (t) => {
  const files = readdirSync(new URL('../../../../lib/host/lever', import.meta.url))
  const names = files
    .map((file) => file.replace(/\.ts$/, ''))
    .filter((name) => name !== 'lever' && name !== 'table')
    .map((name) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()))
  t.strictSame(names.sort(), Object.keys(levers).sort())
})
