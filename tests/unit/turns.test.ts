import { expect, it } from 'vitest'
import { createTurns } from '../../src/discord/turns.ts'

it('lets so many work at a time, in the order in which they came, also when one of them fails', async () => {
  const inTurn = createTurns(2)
  const begun: number[] = []
  const ends: (() => void)[] = []
  const works = [0, 1, 2, 3].map((number) =>
    inTurn(async () => {
      begun.push(number)
      const { promise, resolve } = Promise.withResolvers<void>()
      ends[number] = resolve
      await promise
      if (number === 0) throw new Error('it broke')
    }).catch((error: Error) => error.message),
  )
  await expect.poll(() => begun).toEqual([0, 1])
  ends[0]?.()
  expect(await works[0]).toBe('it broke')
  await expect.poll(() => begun).toEqual([0, 1, 2])
  ends[2]?.()
  await expect.poll(() => begun).toEqual([0, 1, 2, 3])
  ends[1]?.()
  ends[3]?.()
  await Promise.all(works)
})
