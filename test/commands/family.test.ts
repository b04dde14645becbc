import { readdirSync } from 'node:fs'
import t from 'tap'
import { families } from '../../lib/commands/family.ts'

const folder = new URL('../../lib/commands/', import.meta.url)

t.test('every module that declares commands is a family', async (t) => {
  const files = readdirSync(folder, { encoding: 'utf8', recursive: true }).filter((name) =>
    name.endsWith('.js'),
  )
  t.ok(files.length > families.length)
  for (const file of files) {
    const module: Readonly<Record<string, unknown>> = await import(new URL(file, folder).href)
    const declares = Object.values(module).some(
      (exported) => typeof exported === 'object' && exported !== null && 'fullName' in exported,
    )
    t.equal(families.includes(module), declares, file)
  }
})
