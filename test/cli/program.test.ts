import { readFileSync } from 'node:fs'
import t from 'tap'
import { type CliRequest, createProgram } from '../../lib/cli/program.ts'
import type { ServerRequest } from '../../lib/cli/server-request.ts'

/** Words that come after `node`. */
async function parseNode(...args: string[]): Promise<ServerRequest | undefined> {
  return parseServer('node', ...args)
}

async function parseServer(...args: string[]): Promise<ServerRequest | undefined> {
  let request: ServerRequest | undefined
  const program = createProgram({
    async run() {},
    async serve(parsed) {
      request = parsed
    },
  })
  await program.parseAsync(args, { from: 'user' })
  return request
}

t.test('what comes after `node` is for the server, however it looks', async (t) => {
  t.strictSame(await parseNode('redis.conf', '--port', '7', '--version', '1', '-x'), {
    path: 'redis.conf',
    readsStandardInput: false,
    options: 'port "7" \nversion "1" "-x" ',
    version: undefined,
  })
  t.match(await parseNode(), { path: undefined, options: '' })
})

t.test('what version a server is, is said before `node`', async (t) => {
  t.match(await parseServer('--redis-version', '7.4', 'node', '--port', '7'), {
    options: 'port "7" ',
    version: '7.4',
  })
})

t.test('a server tells its version and its usage without being started', async (t) => {
  const said = async (...args: string[]): Promise<string> => {
    let text = ''
    const refuse = async (): Promise<void> => {
      t.fail('nothing is to be started')
    }
    const program = createProgram({ run: refuse, serve: refuse })
    for (const command of [program, ...program.commands]) {
      command.configureOutput({ writeOut: (part) => (text += part) })
    }
    await program.parseAsync(args, { from: 'user' })
    return text
  }
  for (const word of ['-v', '--version']) {
    const line = await said('node', word, '--port', '1')
    t.match(line, /^Redis server v=7\.0\.15 sha=00000000:0 malloc=v8-\S+ bits=64 build=0\n$/)
  }
  t.match(await said('--redis-version', '8.0', 'node', '-v'), 'Redis server v=8.0.2 ')
  for (const word of ['-h', '--help']) {
    t.match(await said('node', word), /^Usage: redis-memory-cluster node \[redis\.conf \| -\]/)
  }
})

/** What the program makes of a command line. */
async function parse(...args: string[]): Promise<CliRequest> {
  let request: CliRequest | undefined
  const program = createProgram({
    async run(parsed) {
      request = parsed
    },
    async serve() {},
  })
  program.configureOutput({ writeErr() {}, writeOut() {} })
  await program.parseAsync(args, { from: 'user' })
  if (request === undefined) throw new Error('nothing was run')
  return request
}

t.test('defaults', async (t) => {
  t.match(await parse(), {
    start: {
      port: 7000,
      bus: 'tcp',
      failureDetection: 'instant',
      log: undefined,
      form: true,
    },
    json: false,
    exec: undefined,
  })
})

t.test('every option arrives', async (t) => {
  const line =
    '--masters 1 --replicas 2 --host 0.0.0.0 --port 0 --bus channel --failure-detection timeout ' +
    '--redis-version 7.2 --node-timeout 500 --dir data --password secret --log debug --blank --json --exec true ' +
    '--config save=900_1 save=300_10 --config maxmemory-policy=a=b'
  t.strictSame(await parse(...line.split(' ')), {
    start: {
      masters: 1,
      replicas: 2,
      host: '0.0.0.0',
      port: 0,
      bus: 'channel',
      failureDetection: 'timeout',
      version: '7.2',
      nodeTimeout: 500,
      dir: 'data',
      password: 'secret',
      log: 'debug',
      form: false,
      config: { save: ['900_1', '300_10'], 'maxmemory-policy': ['a=b'] },
    },
    json: true,
    exec: 'true',
  })
  t.equal((await parse('--log')).start.log, 'notice')
})

t.test('what cannot be parsed is refused', async (t) => {
  const table: [args: string, message: RegExp][] = [
    ['--bogus', /unknown option '--bogus'/],
    ['--replica 1', /Did you mean --replicas/],
    ['--masters x', /'x' is invalid. It is not a number/],
    ['--masters', /argument missing/],
    ['--bus udp', /Allowed choices are tcp, channel/],
    ['--log loud', /Allowed choices are debug/],
    ['--config maxmemory', /It is not name=value/],
    ['--config =1', /It is not name=value/],
    ['extra', /too many arguments/],
    ['--masters 5 node', /'--masters <count>' is for a cluster; a node takes directives/],
    ['--port 7100 node --port 7200', /'--port <port>' is for a cluster/],
    ['--redis-version 7.4 --json node', /'--json' is for a cluster/],
  ]
  for (const [args, message] of table) {
    await t.rejects(parse(...args.split(' ')), { exitCode: 1, message }, args)
  }
})

t.test('version and help', async (t) => {
  const manifest = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  )
  await t.rejects(parse('--version'), { exitCode: 0, message: manifest.version })
  await t.rejects(parse('--help'), { exitCode: 0, message: '(outputHelp)' })
})
