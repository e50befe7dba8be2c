import { expect, it } from 'vitest'
import { dollars, priceInWords } from '../../src/money.ts'

it.each([
  [0, '$0.00'],
  [0.005, '$0.005'],
  [0.00324, '$0.0032'],
  [0.05, '$0.05'],
  [0.1, '$0.10'],
  [0.1 + 0.2, '$0.30'],
  [12.345, '$12.35'],
  [0.000000001, '$0.00'],
])('writes %d as %s', (usd, words) => {
  expect(dollars(usd)).toBe(words)
})

it('says free for what has no price', () => {
  expect(priceInWords(undefined)).toBe('free')
  expect(priceInWords({ usdPerPicture: 0.003 })).toBe('about $0.003 a picture')
})
