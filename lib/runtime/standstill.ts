/** A thread that stands still: nothing of it goes on meanwhile, as with usleep in Redis. */

const nothing = new Int32Array(new SharedArrayBuffer(4))

/** Returns so many milliseconds later. */
export function standStill(milliseconds: number): void {
  Atomics.wait(nothing, 0, 0, milliseconds)
}
