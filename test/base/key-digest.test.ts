import t from 'tap'
import { keySlot } from '../../lib/base/crc16.ts'
import { KeyDigest } from '../../lib/base/key-digest.ts'
import { nameHash } from '../../lib/base/name-hash.ts'
import { Random } from '../../lib/base/random.ts'

t.test('it says what the slot and the hash of a key are, whichever was asked first', async (t) => {
  const seed = process.env.SEED ?? 'key-digest'
  const random = new Random(seed)
  const digest = new KeyDigest()
  const keys = ['', '{', '{}', 'a{b}c', '{a}b', '\0', '\xff\xfe\xfd\xfc\xfb']
  for (let i = 0; i < 2000; i++) {
    const codes = Array.from({ length: random.below(80) }, () => random.below(256))
    keys.push(String.fromCharCode(...codes))
  }
  for (const key of keys) {
    if (random.below(2) === 0) digest.hashOf(key)
    const said = [digest.slotOf(key), digest.hashOf(key)]
    const truth = [keySlot(key), nameHash(key) | 0]
    if (`${said}` !== `${truth}`)
      t.fail(`SEED=${seed} ${JSON.stringify(key)}: ${said}, not ${truth}`)
  }
  for (const key of ['b', 'a', 'b', 'b']) t.equal(digest.slotOf(key), keySlot(key), key)
  t.pass(`SEED=${seed}`)
})
