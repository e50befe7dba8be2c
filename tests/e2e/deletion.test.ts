/** What is deleted goes, also when Discord or the process is away in that moment. */
import type { APIMessage } from 'discord-api-types/v10'
import { expect, onTestFinished, test } from 'vitest'
import { mediaOf, textOf } from '../../src/classroom/client.ts'
import { startDarkroom, type Darkroom, type DarkroomOptions } from '../support/darkroom.ts'
import { createMemoryBackend } from '../support/memoryBackend.ts'

async function open(options: DarkroomOptions = {}): Promise<Darkroom> {
  const darkroom = await startDarkroom({ backends: [createMemoryBackend({ isAuto: true })], ...options })
  onTestFinished(() => darkroom.close())
  return darkroom
}

/** Draws two pictures, has them deleted as far as it goes, and gives what still shows them after a restart. */
async function leftAfterDelete(darkroom: Darkroom, goWrong: () => void, healAfterwards: () => void) {
  const ben = await darkroom.person('Ben')
  await (await ben.slash('/imagine prompt:"a red heart" seed:7 steps:2 count:2')).answer()
  await darkroom.bot.idle()
  const shown = (await ben.messages('studio')).at(-1) as APIMessage
  await (await ben.press(shown, 'Delete')).answer()
  const question = (await ben.messages('studio')).at(-1) as APIMessage
  goWrong()
  await (await ben.press(question, 'Yes, delete')).answer()
  await darkroom.bot.idle()
  const told = (await ben.messages('studio')).map(textOf)
  healAfterwards()
  await darkroom.restart()
  await darkroom.bot.idle()
  const thread = (await ben.state()).threads[0]?.id ?? ''
  const left = [...(await ben.messages('studio')), ...(await ben.messages(thread))].flatMap(mediaOf)
  return { told, left, pictures: darkroom.services.gallery.newest(darkroom.classroom.guildId, 9) }
}

test('what Discord does not let Delete remove is removed after a restart, and that is said', async () => {
  let isAway = false
  const darkroom = await open({
    serverErrors: true,
    classroom: {
      rest: ({ method }) => (isAway && method === 'DELETE' ? { kind: 'answer', status: 503 } : undefined),
    },
  })
  const { told, left } = await leftAfterDelete(
    darkroom,
    () => void (isAway = true),
    () => void (isAway = false),
  )
  expect(told.join('\n')).toContain('a message could not be removed yet. Darkroom tries it again')
  expect(left).toEqual([])
})

test('a Delete in which the bot dies is finished by the next one', async () => {
  const darkroom = await open()
  const { left, pictures } = await leftAfterDelete(
    darkroom,
    () => {
      const { gallery } = darkroom.services
      const remove = gallery.remove.bind(gallery)
      let isDead = false
      gallery.remove = async (id) => {
        if (isDead) throw new Error('died')
        isDead = true
        await remove(id)
      }
    },
    () => undefined,
  )
  expect(pictures).toEqual([])
  expect(left).toEqual([])
})

test('what was deleted while its message is sent once more is not shown again', async () => {
  let shown = 0
  let deleting: Promise<unknown> = Promise.resolve()
  const darkroom: Darkroom = await open({
    serverErrors: true,
    classroom: {
      // Discord's answers are lost until the bot gives up for a second; in that second the pictures are deleted.
      rest({ method, path, hasFiles }) {
        if (method !== 'PATCH' || !path.includes('@original') || !hasFiles) return undefined
        shown += 1
        if (shown < LOST) return { kind: 'drop', after: true }
        const { gallery, queue } = darkroom.services
        deleting = Promise.all(
          queue.unfinished().flatMap(({ id }) => gallery.ofJob(id).map((each) => gallery.remove(each.id))),
        )
        return { kind: 'drop', after: true }
      },
    },
  })
  const ben = await darkroom.person('Ben')
  await (await ben.slash('/imagine prompt:"a red heart" seed:7 steps:2')).answer()
  await darkroom.bot.idle()
  await deleting
  expect(shown).toBe(LOST)
  expect((await ben.messages('studio')).flatMap(mediaOf)).toEqual([])
}, 60_000)

/** @discordjs/rest tries so often. */
const LOST = 4
