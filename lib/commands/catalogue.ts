/**
 * Which family declares what: the table asks here for a root command, and for nothing it is not asked for. Here all families
 * are there from the start. The bundle of a thread has a catalogue of the same shape in its place, made by the build, that
 * runs a family's module when one of its commands is asked for first: six threads start, and use a few commands of hundreds.
 */
import type { Bytes } from '../base/bytes.ts'
import { isCommand } from './command.ts'
import { families } from './family.ts'

/** What a family's module exports. */
export type FamilyModule = Readonly<Record<string, unknown>>

/** Root commands and the modules that declare them. */
export interface Catalogue {
  /** Lower-case names of all root commands, in the order of their declaration. */
  readonly names: readonly Bytes[]
  /** The modules that declare the root command of this lower-case name, or subcommands of it; none when there is none. */
  modulesOf(name: Bytes): readonly FamilyModule[]
}

/** For each root command, the positions of the modules that declare it or subcommands of it. */
export function positionsByName(modules: readonly FamilyModule[]): Map<Bytes, number[]> {
  const positions = new Map<Bytes, number[]>()
  const containers: [name: Bytes, position: number][] = []
  for (const [position, module] of modules.entries()) {
    for (const exported of Object.values(module)) {
      if (!isCommand(exported)) continue
      const [root = '', subcommand] = exported.fullName.split('|')
      if (subcommand !== undefined) containers.push([root, position])
      else if (positions.has(root)) throw new Error(`${root} is declared twice`)
      else positions.set(root, [position])
    }
  }
  for (const [root, position] of containers) {
    const found = positions.get(root)
    if (found === undefined) throw new Error(`a subcommand of ${root} has no container`)
    if (!found.includes(position)) found.push(position)
  }
  return positions
}

const positions = positionsByName(families)

/** The catalogue of all families. */
export const catalogue: Catalogue = {
  names: [...positions.keys()],
  modulesOf: (name) =>
    positions.get(name)?.map((position) => families[position] as FamilyModule) ?? [],
}
