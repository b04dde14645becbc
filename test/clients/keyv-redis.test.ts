/** @keyv/redis as its documentation uses it, with the client it brings. */
import type { Keyv } from 'keyv'
import t from 'tap'
import { waitFor } from '../support/wait.ts'
import { keyvAt } from './keyv-store.ts'
import { tryLibrary } from './library.ts'

tryLibrary(t, '@keyv/redis', async (t, place) => {
  const keyv = keyvAt(t, place, { namespace: 'cache' })
  const other = keyvAt(t, place, { namespace: 'other' })

  await t.test('values of every kind', async (t) => {
    const values = ['text', 'žluť 馬 🐎', 1.5, true, null, [1, [2]], { deep: { er: '' } }]
    for (const [i, value] of values.entries()) {
      t.equal(await keyv.set(`value:${i}`, value), true)
      t.same(await keyv.get(`value:${i}`), value)
    }
    t.equal(await keyv.get('none'), undefined)
    t.equal(await keyv.has('value:0'), true)
    t.equal(await keyv.delete('value:0'), true)
    t.equal(await keyv.delete('value:0'), false)
    t.equal(await keyv.has('value:0'), false)
  })

  await t.test('expiry', async (t) => {
    await keyv.set('short', 'lived', 50)
    await waitFor(
      'it to expire',
      () => keyv.get('short'),
      (value) => value === undefined,
    )
    await keyv.set('long', 'lived', 60_000)
    t.equal(await keyv.get('long'), 'lived')
  })

  await t.test('many at once, of any slots', async (t) => {
    const entries = Array.from({ length: 50 }, (_, i) => ({ key: `many:${i}`, value: i }))
    await keyv.setMany(entries)
    const keys = entries.map(({ key }) => key)
    t.same(await keyv.getMany([...keys, 'none']), [...entries.map(({ value }) => value), undefined])
    t.ok((await keyv.hasMany(keys)).every((there) => there))
    t.ok(await keyv.delete(keys.slice(0, 10)))
    t.same(await keyv.getMany(keys.slice(8, 12)), [undefined, undefined, 10, 11])
  })

  await t.test('namespaces, iteration, clearing', async (t) => {
    await keyv.clear()
    await Promise.all([keyv.set('a', 1), keyv.set('b', 2), other.set('c', 3)])
    const found = async (keyv: Keyv) => {
      const entries: unknown[] = []
      for await (const entry of keyv.iterator?.(undefined) ?? []) entries.push(entry)
      return entries.sort()
    }
    t.same(await found(keyv), [
      ['a', 1],
      ['b', 2],
    ])
    await keyv.clear()
    t.same(await found(keyv), [])
    t.same(await found(other), [['c', 3]])
  })
})
