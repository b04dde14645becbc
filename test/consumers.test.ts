import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('../..', import.meta.url))
const sources = join(root, 'test', 'consumers')
const unreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/

// Packing, one installation and six projects.
t.setTimeout(600_000)

interface Outcome {
  readonly status: number | null
  readonly output: string
}

/** Runs a command as a user would: without what our own test run has put into the environment. */
function run(command: string, args: readonly string[], cwd: string): Promise<Outcome> {
  const { NODE_OPTIONS, NODE_TEST_CONTEXT, NODE_V8_COVERAGE, ...inherited } = process.env
  const env = Object.fromEntries(
    Object.entries(inherited).filter(([name]) => !/^(TAP|_TAPJS|npm_|REDIS_CLUSTER)/.test(name)),
  )
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, output }))
  })
}

function npm(args: readonly string[], cwd: string): Promise<Outcome> {
  const { npm_execpath: program } = process.env
  return program?.endsWith('.js')
    ? run(process.execPath, [program, ...args], cwd)
    : run('npm', args, cwd)
}

/** The name of an assertion on a status: all that was printed, if it is a bad one. */
function said({ status, output }: Outcome): string {
  return status === 0 ? 'exit status' : output
}

t.test('projects of others install the packed package and use it', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'consumers-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  cpSync(sources, directory, { recursive: true })

  const pack = await npm(['pack', '--ignore-scripts', '--pack-destination', directory], root)
  t.equal(pack.status, 0, said(pack))
  const [tarball = ''] = readdirSync(directory).filter((name) => name.endsWith('.tgz'))
  const install = await npm(['install', '--no-audit', '--no-fund', `./${tarball}`], directory)
  if (install.status !== 0 && unreachable.test(install.output)) {
    console.error('*** NO CONSUMER WAS TESTED: npm cannot reach a registry ***')
    t.pass('npm cannot reach a registry', { skip: 'npm cannot reach a registry' })
    return
  }
  t.equal(install.status, 0, said(install))

  const projects = readdirSync(sources, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  )
  t.equal(projects.length, 6)
  for (const { name } of projects) {
    await t.test(name, async (t) => {
      const project = join(directory, name)
      const before = readdirSync(project).sort()
      const outcome = await npm(['test'], project)
      const { output } = outcome
      t.equal(outcome.status, 0, said(outcome))
      t.notMatch(
        output,
        /open handle|did not exit|worker process has failed to exit|Warning:.*leak/i,
      )
      if (name.startsWith('types-')) return
      const after = readdirSync(project).filter((entry) => entry !== '.tap')
      t.strictSame(after.sort(), before, 'nothing is written into the project')
    })
  }
})
