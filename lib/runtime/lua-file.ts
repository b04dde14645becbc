/**
 * Lua's binary beside the workers, read and compiled when a thread's first script comes: threads that run no scripts never
 * hear of it.
 */
import { readFileSync } from 'node:fs'
import { type CompiledLua, compileLua } from '../scripting/lua-binary.ts'

/** Where it lies: from the bundle of a thread, and from this file. */
const PLACES = ['./liblua5.1.wasm', '../../workers/liblua5.1.wasm']

let compiled: CompiledLua | undefined

/** The binary, compiled once a thread; undefined when it is not there. */
export function compileLuaFile(): CompiledLua | undefined {
  if (compiled !== undefined) return compiled
  for (const place of PLACES) {
    const bytes = readIfThere(new URL(place, import.meta.url))
    if (bytes === undefined) continue
    compiled = compileLua(bytes)
    return compiled
  }
  return undefined
}

function readIfThere(url: URL): Buffer | undefined {
  try {
    return readFileSync(url)
  } catch {
    return undefined
  }
}
