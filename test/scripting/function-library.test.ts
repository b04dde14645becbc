import { Buffer } from 'node:buffer'
import t, { type Test } from 'tap'
import type { Bytes } from '../../lib/base/bytes.ts'
import { withDumpFooter } from '../../lib/rdb/dump.ts'
import { ReplyError } from '../../lib/resp/reply-error.ts'
import {
  FunctionLibraries,
  type FunctionLoader,
  type RegisteredFunction,
} from '../../lib/scripting/function-library.ts'

/** An engine whose libraries are lists of names; a body with `!` does not load. */
class NameLoader implements FunctionLoader {
  readonly alive = new Map<number, Bytes>()
  #next = 1

  load(body: Bytes): ReadonlyMap<Bytes, RegisteredFunction> {
    if (body.includes('!')) throw new ReplyError('ERR broken')
    const names = body.split(/\s+/).filter((name) => name !== '')
    return new Map(
      names.map((name) => {
        const reference = this.#next++
        this.alive.set(reference, name)
        return [name, { name, description: undefined, flags: new Set(), reference }]
      }),
    )
  }

  release(reference: number): void {
    if (!this.alive.delete(reference)) throw new Error(`${reference} was released twice`)
  }
}

interface World {
  readonly loader: NameLoader
  readonly libraries: FunctionLibraries
  readonly load: (name: string, body: string, replace?: boolean) => Bytes
}

function world(): World {
  const loader = new NameLoader()
  const libraries = new FunctionLibraries(loader)
  const load = (name: string, body: string, replace = false) =>
    libraries.load(`#!lua name=${name}\n${body}`, { replace })
  return { loader, libraries, load }
}

/** Libraries with their functions, and nothing alive beside them. */
function holds(t: Test, { libraries, loader }: World, expected: Record<string, string>): void {
  const found = libraries
    .list()
    .map(({ name, functions }) => [name, [...functions.keys()].join(' ')])
  t.same(Object.fromEntries(found), expected)
  t.same(
    [...loader.alive.values()].sort(),
    Object.values(expected).join(' ').split(' ').filter(Boolean).sort(),
    'nothing else is alive',
  )
}

t.test('libraries are loaded, found, replaced and deleted', async (t) => {
  const here = world()
  const { libraries, load } = here
  t.equal(load('one', 'f g'), 'one')
  t.equal(load('two', 'h'), 'two')
  t.same([libraries.libraryCount, libraries.functionCount], [2, 3])
  t.equal(libraries.find('F')?.name, 'f')
  t.equal(libraries.find('nosuch'), undefined)
  t.throws(() => load('one', 'x'), { message: "ERR Library 'one' already exists" })
  t.throws(() => load('three', 'x H'), { message: 'ERR Function H already exists' })
  t.throws(() => load('one', 'f h', true), { message: 'ERR Function h already exists' })
  t.throws(() => load('one', '!', true), { message: 'ERR broken' })
  t.throws(() => load('three', ''), { message: 'ERR No functions registered' })
  holds(t, here, { one: 'f g', two: 'h' })
  load('one', 'f x', true)
  load('One', 'y')
  holds(t, here, { two: 'h', one: 'f x', One: 'y' })
  t.equal(libraries.find('g'), undefined)
  t.notOk(libraries.delete('ONE'))
  t.ok(libraries.delete('one'))
  t.equal(libraries.find('f'), undefined)
  libraries.flush()
  holds(t, here, {})
  t.equal(libraries.find('h'), undefined)
})

t.test('another engine is unknown', async (t) => {
  const { libraries } = world()
  const load = (source: string) => () => libraries.load(source, { replace: false })
  t.throws(load('#!python name=a\n'), { message: "ERR Engine 'python' not found" })
  t.throws(load('#!python name=a-b\n'), { message: /Library names can only contain/ })
  t.doesNotThrow(load('#!Lua name=a\nf'))
})

t.test('names that differ in case alone are one function to callers', async (t) => {
  const { libraries, load } = world()
  load('one', 'f F')
  t.equal(libraries.functionCount, 2)
  t.equal(libraries.find('F')?.name, 'f')
  load('one', 'F', true)
  t.equal(libraries.find('f')?.name, 'F')
})

t.test('a pattern chooses libraries, in any case', async (t) => {
  const { libraries, load } = world()
  load('alpha', 'a')
  load('Beta', 'b')
  const names = (pattern: string) => libraries.list(pattern).map(({ name }) => name)
  t.same(names('*'), ['alpha', 'Beta'])
  t.same(names('b?ta'), ['Beta'])
  t.same(names('none'), [])
})

t.test('a dump restores all libraries elsewhere', async (t) => {
  const here = world()
  here.load('one', `f ${'g'.repeat(100)}`)
  here.load('two', 'h')
  for (const compress of [true, false]) {
    const there = world()
    there.libraries.restore(here.libraries.dump({ compress }), 'append')
    t.same(there.libraries.sources(), here.libraries.sources())
    holds(t, there, { one: `f ${'g'.repeat(100)}`, two: 'h' })
  }
})

t.test('what is there stays, is replaced, or goes', async (t) => {
  const payload = (...loads: [name: string, body: string][]) => {
    const from = world()
    for (const [name, body] of loads) from.load(name, body)
    return from.libraries.dump({ compress: true })
  }
  const here = world()
  here.load('one', 'f')
  here.load('two', 'g')
  const { libraries } = here
  const restore = (bytes: Bytes, policy: 'append' | 'replace' | 'flush') => () =>
    libraries.restore(bytes, policy)
  t.throws(restore(payload(['three', 'x'], ['one', 'y']), 'append'), {
    message: 'ERR Library one already exists',
  })
  t.throws(restore(payload(['three', 'x'], ['one', 'G']), 'replace'), {
    message: 'ERR Function G already exists',
  })
  t.throws(restore(payload(['three', 'F']), 'append'), {
    message: 'ERR Function F already exists',
  })
  holds(t, here, { one: 'f', two: 'g' })
  restore(payload(['three', 'x']), 'append')()
  holds(t, here, { one: 'f', two: 'g', three: 'x' })
  restore(payload(['one', 'f z']), 'replace')()
  holds(t, here, { two: 'g', three: 'x', one: 'f z' })
  restore(payload(['four', 'f']), 'flush')()
  holds(t, here, { four: 'f' })
  restore(payload(), 'append')()
  holds(t, here, { four: 'f' })
  restore(payload(), 'flush')()
  holds(t, here, {})
})

t.test('a payload that is none changes nothing', async (t) => {
  const here = world()
  here.load('one', 'f')
  const { libraries } = here
  const good = libraries.dump({ compress: false })
  t.throws(() => libraries.restore('nonsense', 'flush'), {
    message: 'ERR DUMP payload version or checksum are wrong',
  })
  t.throws(() => libraries.restore(`${good}x`, 'flush'), /checksum are wrong/)
  const bodies: [body: string, message: string][] = [
    ['\x00\x01x', 'ERR given type is not a function'],
    ['\xf5', 'ERR Failed loading library payload'],
    ['\xf5\x05wr', 'ERR Missing library metadata'],
    ['\xf5\x05wrong', 'ERR Missing library metadata'],
    ['\xf5\x10#!lua name=two\n!', 'ERR broken'],
    ['\xf5\x10#!lua name=two\nx\xff', 'ERR given type is not a function'],
  ]
  for (const [body, message] of bodies) {
    t.throws(
      () => libraries.restore(withDumpFooter(Buffer.from(body, 'latin1')), 'flush'),
      { message },
      JSON.stringify(body),
    )
  }
  holds(t, here, { one: 'f' })
})
