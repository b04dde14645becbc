/**
 * The directories of nodes that keep files. They are made before any thread starts, so a bad `dir` costs nothing.
 */
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ClusterError } from './cluster-error.ts'

/** Makes the directory of every node and returns them. Throws a ClusterError, ERR_BAD_DIRECTORY. */
export function prepareDirectories(directory: string, nodes: number): string[] {
  return Array.from({ length: nodes }, (_, index) => {
    const path = join(directory, `node-${index}`)
    try {
      makeDirectory(path)
      if (!statSync(path).isDirectory()) throw new Error('it is not a directory')
      accessSync(path, constants.W_OK | constants.X_OK)
    } catch (cause) {
      throw new ClusterError(
        'ERR_BAD_DIRECTORY',
        `\`dir\` must be a directory that can be written, not '${directory}': ${(cause as Error).message}; ` +
          'leave it out to touch no disk',
        { cause },
      )
    }
    return path
  })
}

/** Step by step: Node.js' recursive mode loops for ever where the system refuses with ENOENT, as /proc does. */
function makeDirectory(path: string): void {
  if (existsSync(path)) return
  makeDirectory(dirname(path))
  mkdirSync(path)
}
