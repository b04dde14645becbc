/**
 * The rules a source file obeys, each a function from a parsed file to what is wrong with it. They read syntax only:
 * names are not resolved, so a file that shadows `process` with a local of its own is believed.
 */
import { dirname, posix } from 'node:path'
import ts from 'typescript'

/** A parsed source file under its path from the root of the repository, with `/`. */
export interface Source {
  readonly path: string
  readonly tree: ts.SourceFile
}

/** What is wrong, and on which line (from 1). */
export interface Violation {
  readonly path: string
  readonly line: number
  readonly rule: string
  readonly message: string
}

/** Checks one file; `paths` are all files of the tree. */
export type Rule = (source: Source, paths: ReadonlySet<string>) => Violation[]

/** Parses the text of a file. */
export function parse(path: string, text: string): Source {
  return { path, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) }
}

/** The rooms of lib/ by rank: a file imports from its own room and from lower ranks. */
const ranks: readonly (readonly string[])[] = [
  ['base'],
  ['data', 'resp', 'bus', 'rdb', 'control'],
  ['keyspace'],
  ['commands'],
  ['acl', 'aof', 'cluster', 'replication', 'scripting'],
  ['node'],
  ['runtime'],
  ['host'],
]
const rankOf = new Map(ranks.flatMap((rooms, rank) => rooms.map((room) => [room, rank])))
const pureRooms = new Set(ranks.slice(0, 6).flat())

/** The host talks to workers by messages, so importing the package loads no node. */
const hostMayImport = new Set(['host', 'base', 'control', 'lib/worker-url.ts'])

/** Names a pure room does not speak: they would let in the world, the clock or chance. */
const impureNames = new Set([
  'Promise',
  'clearImmediate',
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'fetch',
  'globalThis',
  'performance',
  'process',
  'queueMicrotask',
  'setImmediate',
  'setInterval',
  'setTimeout',
])

/** Packages a pure room may use: a codec is as pure as our own. */
const purePackages = new Set(['node:buffer', 'msgpackr/pack', 'msgpackr/unpack'])

const emptyNames = new Set(['common', 'helper', 'helpers', 'misc', 'util', 'utils'])

/** Imports point downwards: own room, lower ranks; a sibling's types only. */
export const roomDirection: Rule = (source) =>
  imports(source).flatMap(({ node, specifier, typeOnly }) => {
    if (!specifier.startsWith('.')) return []
    const target = posix.join(dirname(source.path), specifier)
    const wrong = directionError(source.path, target, typeOnly)
    return wrong === undefined ? [] : [violation(source, node, 'room-direction', wrong)]
  })

function directionError(from: string, to: string, typeOnly: boolean): string | undefined {
  if (from.startsWith('test/')) return undefined
  if (to.startsWith('test/')) return `imports ${to}: the product does not import its tests`
  const fromRoom = roomOf(from)
  const toRoom = roomOf(to)
  for (const room of [fromRoom, toRoom]) {
    if (room.startsWith('lib/') || room === 'workers' || rankOf.has(room)) continue
    return `lib/${room} is no room of the house`
  }
  if (fromRoom === 'host') {
    if (hostMayImport.has(toRoom)) return undefined
    return `imports ${to}: the host imports lib/base, lib/control and lib/worker-url.ts`
  }
  if (fromRoom === 'workers') {
    if (toRoom !== 'host' && !toRoom.startsWith('lib/')) return undefined
    return `imports ${to}: the worker runs in a thread without host and entries`
  }
  if (fromRoom.startsWith('lib/')) {
    if (toRoom.startsWith('lib/') || hostMayImport.has(toRoom)) return undefined
    return `imports ${to}: an entry imports lib/host, lib/base and lib/control`
  }
  const fromRank = rankOf.get(fromRoom) as number
  const toRank = rankOf.get(toRoom)
  if (toRank === undefined || toRank > fromRank) return `imports ${to}, which lies above`
  if (toRank < fromRank || fromRoom === toRoom || typeOnly) return undefined
  return `imports ${to}: a sibling room gives its types only (\`import type\`)`
}

/** A room's name, `workers`, `lib/cli` for the parts of that entry, or the path itself of a file directly in lib/. */
function roomOf(path: string): string {
  const [top, second, third] = path.split('/')
  if (top !== 'lib') return top as string
  if (second === 'cli') return 'lib/cli'
  return third === undefined ? path : (second as string)
}

/** Pure rooms know no Node.js but Buffer, no clock, no chance, no promise. */
export const purity: Rule = (source) => {
  const [top, room] = source.path.split('/')
  if (top !== 'lib' || !pureRooms.has(room as string)) return []
  const found: Violation[] = []
  const blame = (node: ts.Node, message: string) =>
    found.push(violation(source, node, 'purity', message))
  for (const { node, specifier, typeOnly } of imports(source)) {
    if (specifier.startsWith('.') || typeOnly || purePackages.has(specifier)) continue
    blame(node, `imports ${specifier}`)
  }
  const declared = declaredNames(source.tree)
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && impureNames.has(node.text) && !declared.has(node.text)) {
      if (!isMemberName(node)) blame(node, `uses ${node.text}`)
    } else if (ts.isPropertyAccessExpression(node)) {
      const text = node.getText(source.tree)
      if (text === 'Date.now' || text === 'Math.random') blame(node, `uses ${text}`)
    } else if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const given = node.arguments?.length ?? 0
      const isDate = ts.isIdentifier(node.expression) && node.expression.text === 'Date'
      if (isDate && (given === 0 || ts.isCallExpression(node))) blame(node, 'reads the clock')
    } else if (node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node)) {
      blame(node, 'is asynchronous')
    }
    ts.forEachChild(node, visit)
  }
  visit(source.tree)
  return found
}

/** The names a file declares anywhere: values, parameters, imports, types. */
function declaredNames(tree: ts.SourceFile): Set<string> {
  const names = new Set<string>()
  const visit = (node: ts.Node): void => {
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isImportSpecifier(node)
    if (declares && node.name !== undefined && ts.isIdentifier(node.name)) names.add(node.name.text)
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return names
}

/** Whether an identifier is a member's name (`x.process`, `{ process: 1 }`), which reaches nothing global. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent)) {
    return (ts.isQualifiedName(parent) ? parent.right : parent.name) === node
  }
  const named =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isGetAccessorDeclaration(parent)
  return named && parent.name === node
}

/** Names say what a thing is, in kebab-case. */
export const naming: Rule = (source) => {
  const found: Violation[] = []
  for (const part of source.path.replace(/(\.test|\.d)?\.ts$/, '').split('/')) {
    if (emptyNames.has(part)) {
      found.push(violation(source, source.tree, 'naming', `"${part}" names nothing`))
    }
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(part)) {
      found.push(violation(source, source.tree, 'naming', `"${part}" is not kebab-case`))
    }
  }
  return found
}

/** A thing is imported from the file that makes it: no index but the package's, no passing on. */
export const noBarrel: Rule = (source) => {
  if (!source.path.startsWith('lib/') || roomOf(source.path).startsWith('lib/')) return []
  const found: Violation[] = []
  if (source.path.endsWith('/index.ts')) {
    found.push(violation(source, source.tree, 'no-barrel', 'only lib/index.ts is an index'))
  }
  for (const statement of source.tree.statements) {
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined) {
      found.push(violation(source, statement, 'no-barrel', "passes on another file's exports"))
    }
  }
  return found
}

/** A file begins with one to eight lines: what it is, its invariant, where Redis does the same. */
export const header: Rule = (source) => {
  if (source.path.startsWith('test/')) return []
  const text = source.tree.text.replace(/^#!.*\n/, '')
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(text)?.[1]
  if (comment === undefined) {
    return [violation(source, source.tree, 'header', 'does not begin with a /** comment */')]
  }
  const lines = comment.split('\n').filter((line) => /[^\s*]/.test(line))
  if (lines.length >= 1 && lines.length <= 8) return []
  const message = `its header has ${lines.length} lines of text, not 1 to 8`
  return [violation(source, source.tree, 'header', message)]
}

/** Nothing is left for later in a comment. */
export const noDeferral: Rule = (source) => {
  const found: Violation[] = []
  for (const [index, line] of source.tree.text.split('\n').entries()) {
    const word = /(?:\/\/|^\s*\/?\*+)\s.*\b(TODO|FIXME)\b/.exec(line)?.[1]
    if (word === undefined) continue
    const message = `leaves a ${word}`
    found.push({ path: source.path, line: index + 1, rule: 'no-deferral', message })
  }
  return found
}

/**
 * A file of lib/ that runs has a test of its name at the same place under test/, but for the paths in `exempt`; and
 * an exemption is for a file that exists, runs and has no test.
 */
export function hasTest(exempt: ReadonlySet<string>): Rule {
  return (source, paths) => {
    if (!source.path.startsWith('lib/')) return []
    const test = source.path.replace(/^lib\//, 'test/').replace(/\.ts$/, '.test.ts')
    const isExempt = exempt.has(source.path)
    const blame = (message: string) => [violation(source, source.tree, 'has-test', message)]
    if (hasNoCode(source.tree)) return isExempt ? blame('is exempt but holds no code') : []
    if (paths.has(test)) return isExempt ? blame(`is exempt but ${test} exists`) : []
    return isExempt ? [] : blame(`has no ${test}`)
  }
}

/** Whether a file declares types and passes on exports but holds no code of its own. */
function hasNoCode(tree: ts.SourceFile): boolean {
  return tree.statements.every(
    (statement) =>
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      (ts.isImportDeclaration(statement) &&
        statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) ||
      (ts.isExportDeclaration(statement) &&
        (statement.isTypeOnly || statement.moduleSpecifier !== undefined)),
  )
}

interface Import {
  readonly node: ts.Node
  readonly specifier: string
  /** Erased from the module: `import type`, `export type`, `import('x').T`; `import { type T }` still loads it. */
  readonly typeOnly: boolean
}

/** Every module a file names, in whatever syntax. */
function imports(source: Source): Import[] {
  const found: Import[] = []
  const add = (node: ts.Node, specifier: ts.Node | undefined, typeOnly: boolean) => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return
    found.push({ node, specifier: specifier.text, typeOnly })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const typeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      add(node, node.moduleSpecifier, typeOnly)
    } else if (ts.isExportDeclaration(node)) {
      add(node, node.moduleSpecifier, node.isTypeOnly)
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node, node.argument.literal, true)
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, node.arguments[0], false)
    }
    ts.forEachChild(node, visit)
  }
  visit(source.tree)
  return found
}

function violation(source: Source, node: ts.Node, rule: string, message: string): Violation {
  const position = node === source.tree ? 0 : node.getStart(source.tree)
  const line = source.tree.getLineAndCharacterOfPosition(position).line + 1
  return { path: source.path, line, rule, message }
}
