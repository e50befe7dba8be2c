import { DiscordAPIError, PermissionFlagsBits } from 'discord.js'
import { describe, expect, test } from 'vitest'
import { discordFailure } from '../../src/discord/discordErrors.ts'
import { exits, fatalCloseCode, fatalReason } from '../../src/discord/exitCodes.ts'
import { choicesFor } from '../../src/discord/modelChoices.ts'
import { inviteLink, permissionTable } from '../../src/discord/permissions.ts'
import { addWord, allowWord, takeBackWord, wordsInWords } from '../../src/discord/wordList.ts'
import { sampleModel } from '../support/samples.ts'

describe('the invite link', () => {
  const url = new URL(inviteLink('300'))

  test('asks for both scopes and just the permissions of the table', () => {
    expect(url.searchParams.get('scope')).toBe('bot applications.commands')
    const bits = BigInt(url.searchParams.get('permissions') ?? '0')
    for (const { bit } of permissionTable) expect(bits & bit).toBe(bit)
    expect(bits).toBe(permissionTable.reduce((sum, { bit }) => sum | bit, 0n))
  })

  test('asks for nothing that could harm a server', () => {
    const bits = BigInt(url.searchParams.get('permissions') ?? '0')
    for (const name of [
      'Administrator',
      'ManageGuild',
      'BanMembers',
      'MentionEveryone',
      'ManageMessages',
    ] as const) {
      expect(bits & PermissionFlagsBits[name]).toBe(0n)
    }
  })
})

describe('exit codes', () => {
  test('are one for each reason, none of them 0', () => {
    const codes = Object.values(exits).map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
    expect(Math.min(...codes)).toBe(1)
  })

  test('are one sentence each', () => {
    for (const { sentence } of Object.values(exits)) expect(sentence).toMatch(/^[A-Z].*\.$/)
  })

  test('follow from what discord.js and the gateway say', () => {
    expect(fatalReason(Object.assign(new Error('no'), { code: 'TokenInvalid' }))).toBe('wrong-token')
    expect(fatalReason(new Error('Used disallowed intents'))).toBe('disallowed-intents')
    expect(fatalReason(new Error('something else'))).toBeUndefined()
    expect(fatalCloseCode(4014)).toBe('disallowed-intents')
    expect(fatalCloseCode(4004)).toBe('revoked-token')
    expect(fatalCloseCode(1006)).toBeUndefined()
  })
})

describe('a failure of Discord', () => {
  const refusal = (code: number, status: number) =>
    new DiscordAPIError({ code, message: '' }, code, status, 'POST', 'http://127.0.0.1', {
      files: [],
      body: {},
    })

  test('is sorted by what can still be done', () => {
    expect(discordFailure(refusal(10062, 404))).toBe('gone')
    expect(discordFailure(refusal(50027, 401))).toBe('gone')
    expect(discordFailure(refusal(50013, 403))).toBe('closed')
    expect(discordFailure(refusal(40005, 413))).toBe('too-large')
    expect(discordFailure(refusal(50035, 400))).toBe('refused')
    for (const code of ['ECONNREFUSED', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']) {
      expect(discordFailure(Object.assign(new Error('connect'), { code }))).toBe('unreachable')
    }
  })

  test('is not taken for one when it is a bug', () => {
    expect(discordFailure(new TypeError('x is not a function'))).toBeUndefined()
  })

  test('is not taken for one when a file is missing or the disk is full', () => {
    for (const code of ['ENOENT', 'ENOSPC', 'EACCES']) {
      expect(discordFailure(Object.assign(new Error('open'), { code }))).toBeUndefined()
    }
  })
})

describe('choices while typing', () => {
  const models = [
    sampleModel(),
    sampleModel({ id: 'photo', title: 'Photo', samplers: [{ id: 'DDIM', help: 'old' }] }),
  ]

  test('are those of the chosen model, else of the first', () => {
    expect(choicesFor('sampler', '', models).map(({ value }) => value)).toEqual(['Euler', 'Euler a'])
    expect(choicesFor('sampler', '', models, 'photo').map(({ value }) => value)).toEqual(['DDIM'])
  })

  test('fit what was typed, beginnings first', () => {
    expect(choicesFor('model', 'pho', models).map(({ value }) => value)).toEqual(['photo'])
    expect(choicesFor('sampler', 'fresh', models).map(({ value }) => value)).toEqual(['Euler a'])
    expect(choicesFor('size', '', models).map(({ name }) => name)).toEqual([
      '64x64: square, 64 × 64',
      '96x64: landscape, 96 × 64',
    ])
  })

  test('are never too long or too many', () => {
    const many = Array.from({ length: 40 }, (_, i) =>
      sampleModel({ id: `m${i}`, description: 'x'.repeat(300) }),
    )
    const choices = choicesFor('model', '', many)
    expect(choices.length).toBe(25)
    for (const { name } of choices) expect(name.length).toBeLessThanOrEqual(100)
  })
})

describe('the words of a class', () => {
  const none = { blockedWords: [], allowedWords: [] }

  test('are added once, tidied', () => {
    const once = addWord(none, '  Bad   Word ')
    expect(once.blockedWords).toEqual(['bad word'])
    expect(addWord(once, 'BAD WORD').blockedWords).toEqual(['bad word'])
  })

  test('that the class added are taken back; others are allowed', () => {
    expect(takeBackWord({ blockedWords: ['x'], allowedWords: [] }, 'X')).toEqual(none)
    expect(allowWord(none, 'Blood')).toEqual({ blockedWords: [], allowedWords: ['blood'] })
    expect(addWord({ blockedWords: [], allowedWords: ['blood'] }, 'blood').allowedWords).toEqual([])
  })

  test('have a letter or digit, or nothing would ever be refused', () => {
    for (const typed of ['  ', '!!!', '+ |']) expect(() => addWord(none, typed)).toThrow(/letters or digits/)
  })

  test('are listed for instructors', () => {
    const said = wordsInWords({ blockedWords: ['x'], allowedWords: ['y'] })
    expect(said).toContain('refuses: “x”')
    expect(said).toContain('“y”')
  })
})
