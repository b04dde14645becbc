/**
 * What a checker found wrong. Invariant: a run ends at its first violation, so what follows from it confuses nobody.
 */

/** A rule that a run broke. */
export class Violation extends Error {
  override readonly name = 'Violation'
  /** The rule's short name, the same in every run that breaks it. */
  readonly rule: string

  constructor(rule: string, text: string) {
    super(`${rule}: ${text}`)
    this.rule = rule
  }
}
