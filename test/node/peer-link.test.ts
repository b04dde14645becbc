import t from 'tap'
import { PeerLinks } from '../../lib/node/peer-link.ts'

function start() {
  const said: string[] = []
  const links = new PeerLinks({
    connect: (peer, host, port) => said.push(`open ${peer} ${host}:${port}`),
    close: (peer) => said.push(`close ${peer}`),
  })
  return { said, links }
}

t.test('one connection for a host and port', async (t) => {
  const { said, links } = start()
  const link = links.to('a', 1, 0)
  t.equal(links.to('a', 1, 5), link)
  t.not(links.to('a', 2, 5), link)
  t.same(said, ['open 1 a:1', 'open 2 a:2'])
  links.close(link)
  links.close(link)
  t.same(said.slice(2), ['close 1'], 'once')
  t.not(links.to('a', 1, 5), link)
  t.equal(links.forget(3), true)
  t.equal(links.forget(3), false)
})

t.test('what nobody uses ends, and the oldest makes room', async (t) => {
  const { said, links } = start()
  for (let port = 0; port < 64; port++) links.to('a', port, port)
  links.to('a', 0, 100)
  said.length = 0
  links.to('b', 1, 101)
  t.same(said, ['close 2', 'open 65 b:1'])
  said.length = 0
  links.closeIdle(10_100)
  t.equal(said.length, 62)
  t.notOk(said.includes('close 1') || said.includes('close 65'))
})

t.test('a port is cut to sixteen bits', async (t) => {
  const { said, links } = start()
  links.to('a', 70_000, 0)
  t.same(said, ['open 1 a:4464'])
})
