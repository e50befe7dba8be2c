import { describe, expect, it } from 'vitest'
import { readLogs, stepFrom } from '../../src/services/backends/replicate/logs.ts'

const bar = (step: number, total: number, before = '') =>
  `${before}${Math.floor((100 * step) / total)}%|####      | ${step}/${total} [00:01<00:02,  9.0it/s]`

describe('the log of a model', () => {
  it('says nothing while there is none', () => {
    const nothing = { bars: 0, finished: 0, fraction: 0, seed: undefined }
    for (const logs of [undefined, null, '', 'Using scheduler: K_EULER\n'])
      expect(readLogs(logs)).toEqual(nothing)
  })

  it('holds the seed and how far the newest bar is', () => {
    const logs = `Using seed: 51414\n${bar(0, 50)}\n${bar(12, 50)}\n`
    expect(readLogs(logs)).toEqual({ bars: 1, finished: 0, fraction: 0.24, seed: 51_414 })
  })

  it.each([['[ComfyUI] '], ['flux_train_replicate: '], ['\u001b[A'], ['  ']])(
    'is read with %j before the bar',
    (before) => {
      expect(readLogs(bar(4, 10, before)).fraction).toBe(0.4)
    },
  )

  it('is read when a bar is rewritten with carriage returns', () => {
    const logs = [0, 1, 2, 3].map((step) => bar(step, 4)).join('\r')
    expect(readLogs(logs)).toMatchObject({ bars: 1, finished: 0, fraction: 0.75 })
  })

  it('leaves out bars that count files', () => {
    const logs = [
      bar(7, 7, 'Loading pipeline components...: '),
      bar(5, 5, 'Fetching 5 files: '),
      bar(1, 4),
    ].join('\n')
    expect(readLogs(logs)).toMatchObject({ bars: 1, fraction: 0.25 })
  })

  it('counts the bars, also two of the same length, and one that is written twice at its end only once', () => {
    const first = [bar(0, 2), bar(1, 2), bar(2, 2), bar(2, 2)]
    expect(readLogs(first.join('\n'))).toMatchObject({ bars: 1, finished: 1 })
    expect(readLogs([...first, bar(0, 2), bar(1, 2)].join('\n'))).toMatchObject({
      bars: 2,
      finished: 1,
      fraction: 0.5,
    })
    expect(readLogs([...first, bar(1, 9)].join('\n'))).toMatchObject({ bars: 2, finished: 1 })
  })

  it('does not stumble over what is no bar', () => {
    expect(readLogs('50%|||| /  %|x| 3/0 \n 100% done | 3/4')).toMatchObject({ bars: 0, fraction: 0 })
  })
})

describe('steps from a log', () => {
  it('are those of the request, whatever total the log has', () => {
    // img2img at 0.8 does 40 of 50 steps: 20 of 40 is half the way.
    expect(stepFrom(readLogs(bar(20, 40)), 50, 1)).toBe(25)
    expect(stepFrom(readLogs(bar(40, 40)), 50, 1)).toBe(50)
  })

  it('are spread over the bars that are expected, or that came', () => {
    expect(stepFrom(readLogs(bar(20, 20)), 25, 2)).toBe(12)
    expect(stepFrom(readLogs([bar(20, 20), bar(5, 5)].join('\n')), 25, 2)).toBe(25)
    expect(stepFrom(readLogs([bar(9, 9), bar(1, 2), bar(0, 3)].join('\n')), 30, 1)).toBeLessThan(30)
  })
})
