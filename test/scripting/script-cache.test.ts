import { createHash } from 'node:crypto'
import t from 'tap'
import { ScriptCache } from '../../lib/scripting/script-cache.ts'
import { ScriptStage } from '../support/script-stage.ts'

t.test('a script is known by its digest and its source', async (t) => {
  const cache = new ScriptCache()
  const { engine } = new ScriptStage()
  const source = '#!lua flags=no-writes\nreturn 1'
  const script = cache.load(source, engine)
  t.equal(script.digest, createHash('sha1').update(source).digest('hex'))
  t.same([...(script.flags ?? [])], ['no-writes'])
  t.equal(cache.load(source, engine), script, 'it is compiled once')
  t.equal(cache.find(script.digest.toUpperCase()), script)
  t.equal(cache.find('0'.repeat(40)), undefined)
  t.equal(cache.size, 1)
  t.ok(cache.bytes > source.length)
  cache.clear()
  t.equal(cache.find(script.digest), undefined)
  t.equal(cache.size + cache.bytes, 0)
})

t.test('what does not compile is not known', async (t) => {
  const cache = new ScriptCache()
  const { engine } = new ScriptStage()
  t.throws(() => cache.load('x', engine), {
    message: "ERR Error compiling script (new function): user_script:1: '=' expected near '<eof>'",
  })
  t.equal(cache.size, 0)
})
