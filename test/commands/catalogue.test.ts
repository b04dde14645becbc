import t from 'tap'
import { catalogue, positionsByName } from '../../lib/commands/catalogue.ts'
import { families } from '../../lib/commands/family.ts'

/** What a command looks like from here. */
const named = (fullName: string) => ({ fullName, run: () => {} })

t.test('a root command is where it is declared, and where its subcommands are', async (t) => {
  const positions = positionsByName([
    { get: named('get'), client: named('client'), notACommand: () => 1, neither: null },
    { kill: named('client|kill'), list: named('client|list') },
    { config: named('config'), reset: named('config|reset') },
  ])
  t.strictSame(Object.fromEntries(positions), { get: [0], client: [0, 1], config: [2] })
})

t.test('a name that is declared twice, a subcommand of nothing', async (t) => {
  t.throws(
    () => positionsByName([{ a: named('get') }, { b: named('get') }]),
    /get is declared twice/,
  )
  t.throws(() => positionsByName([{ a: named('x|y') }]), /a subcommand of x has no container/)
})

t.test('every family is found by the names it declares', async (t) => {
  const found = new Set(catalogue.names.flatMap((name) => catalogue.modulesOf(name)))
  t.equal(found.size, families.length)
  t.strictSame(catalogue.modulesOf('nosuch'), [])
  t.strictSame(catalogue.modulesOf('constructor'), [])
})
