/**
 * Makes a failing list short, so that a person sees what matters: leaves out halves, quarters and so on as long as it
 * still fails (delta debugging).
 */

/** Elements that are tried at most, all candidates together: a list that needs most of what it has would take forever. */
const PATIENCE = 400_000

/** The shortest list found that still fails; the list itself if it does not fail when tried again. */
export async function shortest<T>(
  list: readonly T[],
  fails: (candidate: readonly T[]) => Promise<boolean>,
  patience: number = PATIENCE,
): Promise<readonly T[]> {
  if (!(await fails(list))) return list
  let found = list
  let tried = 0
  for (let size = Math.ceil(found.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < found.length; ) {
      const candidate = found.toSpliced(from, size)
      tried += candidate.length
      if (tried > patience) return found
      if (await fails(candidate)) found = candidate
      else from += size
    }
  }
  return found
}
