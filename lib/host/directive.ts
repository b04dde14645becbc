/**
 * The redis.conf directives that every node of a cluster gets: those of `config` and those that other options stand for.
 * Whether a directive exists and may have its value is the node's to say.
 */
import type { ClusterError } from './cluster-error.ts'
import { bad, integer, wrong } from './option-check.ts'

/** A value of a redis.conf directive: booleans become `yes` and `no`, a list repeats the directive. */
export type DirectiveValue = string | number | boolean | readonly (string | number)[]

/** Name and value as in a redis.conf. */
export type Directive = readonly [name: string, value: string]

/** Directives that differ from node to node or cannot be chosen, and what to do instead. */
const NOT_FOR_ALL = new Map([
  ['port', 'use the option `port`'],
  ['bind', 'use the option `host`'],
  ['dir', 'use the option `dir`'],
  ['cluster-port', 'the bus port is the client port + 10000'],
  ['include', 'give the directives of that file one by one'],
])

/** All directives of a node, names in lower case, in the order they were given. Throws a ClusterError, ERR_BAD_OPTION. */
export function directivesOf(options: {
  readonly config?: unknown
  readonly nodeTimeout?: unknown
  readonly password?: unknown
}): Directive[] {
  const { config, nodeTimeout, password } = options
  const directives: Directive[] = []
  if (config !== undefined) {
    if (typeof config !== 'object' || config === null || Array.isArray(config)) {
      throw wrong('config', config, "an object of directives, such as { 'maxmemory': '100mb' }")
    }
    for (const [name, value] of Object.entries(config)) {
      for (const text of directiveValues(name, value)) directives.push([name.toLowerCase(), text])
    }
  }
  const add = (option: string, names: readonly string[], value: string) => {
    for (const name of names) {
      if (directives.some(([other]) => other === name)) {
        throw bad(
          `\`${option}\` and the directive \`${name}\` in \`config\` say the same thing twice; give one of them`,
        )
      }
      directives.push([name, value])
    }
  }
  if (nodeTimeout !== undefined) {
    const range = { from: 1, to: 2 ** 31 - 1 }
    add('nodeTimeout', ['cluster-node-timeout'], String(integer('nodeTimeout', nodeTimeout, range)))
  }
  if (password !== undefined) {
    if (typeof password !== 'string' || password === '') {
      throw wrong(
        'password',
        password,
        'a string that is not empty',
        'leave it out for no password',
      )
    }
    add('password', ['requirepass', 'masterauth'], password)
  }
  return directives
}

function directiveValues(name: string, value: unknown): string[] {
  const instead = NOT_FOR_ALL.get(name.toLowerCase())
  if (instead !== undefined)
    throw bad(`\`config\` cannot have the directive \`${name}\`; ${instead}`)
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.map((one) => {
    if (typeof one === 'boolean' && values === value) throw wrongDirective(name, value)
    if (typeof one === 'boolean') return one ? 'yes' : 'no'
    if (typeof one === 'string') return one
    if (typeof one === 'number' && Number.isFinite(one)) return String(one)
    throw wrongDirective(name, value)
  })
}

function wrongDirective(name: string, value: unknown): ClusterError {
  return wrong(
    `config['${name}']`,
    value,
    'a string, a number, true, false, or a list of strings and numbers',
  )
}
