import path from 'node:path'
import { expect, it } from 'vitest'
import { createSettings } from '../../src/services/settings.ts'
import { temporaryFolder } from '../support/studio.ts'

it('has defaults for a server that nobody has set up', async () => {
  const settings = createSettings(path.join(await temporaryFolder(), 'settings.db'))
  expect(await settings.guild('100')).toEqual({ blockedWords: [], allowedWords: [] })
  await settings.close()
})

it('keeps what was set over a restart, for that server only', async () => {
  const file = path.join(await temporaryFolder(), 'settings.db')
  const before = createSettings(file)
  await before.update('100', { galleryChannelId: '110', blockedWords: ['clown'] })
  const changed = await before.update('100', { commandsHash: 'abc' })
  expect(changed).toMatchObject({ galleryChannelId: '110', commandsHash: 'abc' })
  await before.close()
  const after = createSettings(file)
  expect(await after.guild('100')).toEqual(changed)
  expect(await after.guild('101')).toEqual({ blockedWords: [], allowedWords: [] })
  await after.close()
})

it('loses no change when several are made at once, and can take a setting away', async () => {
  const settings = createSettings(path.join(await temporaryFolder(), 'settings.db'))
  await Promise.all([
    settings.update('100', { galleryChannelId: '110' }),
    settings.update('100', { lessonChannelId: '111' }),
    settings.update('100', { instructorRoleId: '112' }),
  ])
  expect(await settings.guild('100')).toMatchObject({
    galleryChannelId: '110',
    lessonChannelId: '111',
    instructorRoleId: '112',
  })
  const add = (word: string) =>
    settings.update('100', ({ blockedWords }) => ({ blockedWords: [...blockedWords, word] }))
  await Promise.all(['clown', 'wasp'].map(add))
  expect((await settings.guild('100')).blockedWords).toEqual(['clown', 'wasp'])
  await settings.update('100', { galleryChannelId: undefined })
  expect(await settings.guild('100')).not.toHaveProperty('galleryChannelId')
  await settings.close()
})
