import { describe, expect, test } from 'vitest'
import { checkMessage, errorStatus, toErrorBody } from '../../src/classroom/rules/index.ts'
import { messageCases } from '../support/ruleCases.ts'
import { commandCases } from '../support/ruleCasesOfCommands.ts'

const cases = [...messageCases, ...commandCases]

describe('each rule', () => {
  test.each(cases)('$rule', ({ code, at, passes, fails }) => {
    expect(passes).toEqual([])
    expect(fails.map((error) => ({ code: error.code, at: error.path.join('.') }))).toEqual([
      { code, at: at ?? '' },
    ])
  })

  test('the numbered rules are 1 to 25', () => {
    const numbers = new Set(
      cases.map(({ rule }) => Number.parseInt(rule, 10)).filter((n) => !Number.isNaN(n)),
    )
    expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1))
  })
})

describe('Discord error bodies', () => {
  test('field errors are nested under their path in one 50035 body', () => {
    const body = toErrorBody([
      {
        path: ['data', 'content'],
        code: 'BASE_TYPE_MAX_LENGTH',
        message: 'Must be 2000 or fewer in length.',
      },
      { path: ['data', 'flags'], code: 'BASE_TYPE_CHOICES', message: 'Value must be one of (0, 64).' },
    ])
    expect(body).toEqual({
      code: 50035,
      message: 'Invalid Form Body',
      errors: {
        data: {
          content: {
            _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 2000 or fewer in length.' }],
          },
          flags: { _errors: [{ code: 'BASE_TYPE_CHOICES', message: 'Value must be one of (0, 64).' }] },
        },
      },
    })
    expect(errorStatus(body)).toBe(400)
  })

  test('a numeric code answers for the whole request, too large with status 413', () => {
    const body = toErrorBody(checkMessage({}, [{ name: 'a.png', size: 11 * 2 ** 20 }], { kind: 'channel' }))
    expect(body).toEqual({ code: 40005, message: 'Request entity too large' })
    expect(errorStatus(body)).toBe(413)
  })
})
