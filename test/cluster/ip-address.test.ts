import t from 'tap'
import { normalizeIp } from '../../lib/cluster/ip-address.ts'

t.test(
  'IPv4 literals are taken as they are, anything shorter or longer is no address',
  async (t) => {
    t.equal(normalizeIp('127.0.0.1'), '127.0.0.1')
    t.equal(normalizeIp('255.255.255.255'), '255.255.255.255')
    for (const text of [
      '',
      '1',
      '1.2.3',
      '1.2.3.4.5',
      '256.1.1.1',
      '01.2.3.4',
      '1.2.3.4 ',
      'host',
    ]) {
      t.equal(normalizeIp(text), undefined, text)
    }
  },
)

t.test('IPv6 literals are printed in their canonical form', async (t) => {
  for (const [text, canonical] of [
    ['::1', '::1'],
    ['::', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['2001:DB8::0:1', '2001:db8::1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['::ffff:1.2.3.4', '::ffff:1.2.3.4'],
    ['fe80::', 'fe80::'],
    ['::ffff:0102:0304', '::ffff:1.2.3.4'],
  ] as const) {
    t.equal(normalizeIp(text), canonical, text)
  }
  for (const text of [':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '::g', '1.2.3.4::']) {
    t.equal(normalizeIp(text), undefined, text)
  }
})
