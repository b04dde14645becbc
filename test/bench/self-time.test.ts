import t from 'tap'
import { selfTimes } from './self-time.ts'

const frame = (functionName: string, url: string, lineNumber: number) => ({
  callFrame: { functionName, url, lineNumber, scriptId: '1', columnNumber: 0 },
})

t.test('time goes to the function it was spent in, idle time to none', async (t) => {
  const times = selfTimes({
    nodes: [
      { id: 1, ...frame('(idle)', '', -1) },
      { id: 2, ...frame('next', 'file:///x/dist/lib/resp/decoder.js', 9) },
      { id: 3, ...frame('', 'node:net', 4) },
      // The same function, called from somewhere else.
      { id: 4, ...frame('next', 'file:///x/dist/lib/resp/decoder.js', 9) },
    ],
    startTime: 0,
    endTime: 1000,
    samples: [1, 2, 3, 4],
    timeDeltas: [600, 100, 100, 200],
  })
  t.same(times, [
    { name: 'next', place: 'lib/resp/decoder.js:10', share: 0.75 },
    { name: '(anonymous)', place: 'node:net:5', share: 0.25 },
  ])
})
