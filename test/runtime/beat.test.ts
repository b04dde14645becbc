import { performance } from 'node:perf_hooks'
import t, { type Test } from 'tap'
import { Beat } from '../../lib/runtime/beat.ts'
import { waitFor } from '../support/wait.ts'

/** A beat that writes down its ticks: how many were left out, and how late it was. */
function beating(t: Test) {
  const beats: { readonly skipped: number; readonly atMs: number }[] = []
  const startedAt = performance.now()
  const state = { idleTicks: 0 }
  const beat = new Beat({
    beat: (skipped) => beats.push({ skipped, atMs: performance.now() - startedAt }),
    get idleTicks() {
      return state.idleTicks
    },
  })
  beat.start()
  t.teardown(() => beat.stop())
  return { beat, beats, state }
}

t.test('a tick comes every 100 ms', async (t) => {
  const { beats } = beating(t)
  await waitFor(
    'three ticks',
    () => beats.length,
    (count) => count >= 3,
  )
  t.ok(beats.every(({ skipped, atMs }, i) => skipped === 0 && atMs > 100 * (i + 1) - 2))
})

t.test('ticks that nobody needs are left out', async (t) => {
  const { beats, state } = beating(t)
  state.idleTicks = 2
  await waitFor(
    'two ticks',
    () => beats.length,
    (count) => count >= 2,
  )
  const [first, second] = beats as [(typeof beats)[0], (typeof beats)[0]]
  t.same([first.skipped, second.skipped], [0, 2])
  t.ok(second.atMs > 398, `${second.atMs} ms`)
})

t.test('one that is needed after all comes in time', async (t) => {
  const { beat, beats, state } = beating(t)
  state.idleTicks = 600
  await waitFor(
    'a tick',
    () => beats.length,
    (count) => count === 1,
  )
  beat.look()
  state.idleTicks = 0
  beat.look()
  await waitFor(
    'another tick',
    () => beats.length,
    (count) => count >= 2,
  )
  t.ok((beats[1]?.skipped ?? 600) < 600)
})

t.test('a beat that was stopped is silent, and begins anew', async (t) => {
  const { beat, beats, state } = beating(t)
  state.idleTicks = 600
  await waitFor(
    'a tick',
    () => beats.length,
    (count) => count === 1,
  )
  beat.stop()
  state.idleTicks = 0
  beat.look()
  beat.start()
  await waitFor(
    'another tick',
    () => beats.length,
    (count) => count === 2,
  )
  t.equal(beats[1]?.skipped, 0)
})

t.test('it may be stopped by what it beats for', async (t) => {
  let beats = 0
  const beat: Beat = new Beat({
    beat: () => {
      beats++
      beat.stop()
    },
    idleTicks: 0,
  })
  beat.start()
  await waitFor(
    'a tick',
    () => beats,
    (count) => count === 1,
  )
  t.notOk(process.getActiveResourcesInfo().includes('Timeout'), 'no timer is left')
})
