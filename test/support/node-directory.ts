/**
 * A directory for nodes that end with the test. Tap removes a `testdir` before the test's teardowns, in which nodes still
 * write; this one goes after those that were registered later.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

/** Makes an empty directory that is gone after the test. To be called before what writes there is started. */
export function nodeDirectory(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'nodes-'))
  t.teardown(() => rmSync(path, { recursive: true, force: true }))
  return path
}
