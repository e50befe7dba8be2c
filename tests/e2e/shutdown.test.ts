/** The program when it is told to stop: what is nearly done is finished, the rest is said and comes after the next start. */
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { APIMessage } from 'discord-api-types/v10'
import { expect, onTestFinished, test } from 'vitest'
import { connectPerson, mediaOf, textOf, type PersonClient } from '../../src/classroom/client.ts'
import { startClassroom, type Classroom } from '../../src/classroom/index.ts'
import { fakeModels } from '../support/fakeAuto1111/lists.ts'
import { startDarkroom } from '../support/darkroom.ts'
import { createMemoryBackend } from '../support/memoryBackend.ts'
import { inClassroom, runProgram } from '../support/program.ts'
import { temporaryFolder } from '../support/studio.ts'
import { useFake } from '../support/useAuto1111.ts'

const [QUICK, SLOW] = fakeModels()
const PUT_OFF = 'The bot is being restarted; your picture comes afterwards.'

async function open(
  dataDir: string,
): Promise<{ classroom: Classroom; person: (name: string) => Promise<PersonClient> }> {
  const classroom = await startClassroom({ port: 0, dataDir: path.join(dataDir, 'classroom') })
  onTestFinished(() => classroom.close())
  return {
    classroom,
    async person(name) {
      const person = await connectPerson(classroom.url, name)
      onTestFinished(() => person.close())
      return person
    },
  }
}

/** A machine that has one model and takes so long for each step. */
const machine = (model: typeof QUICK, msPerStep: number) =>
  useFake({ msPerStep, models: model ? [model] : [] })

async function startProgram(classroom: Classroom, dataDir: string, machines: { address: string }[]) {
  const program = runProgram('src/main.ts', [], {
    ...inClassroom(classroom),
    DATA_DIR: dataDir,
    AUTO1111_URLS: machines.map(({ address }) => address).join(),
  })
  await expect.poll(() => program.said.out, { timeout: 20_000 }).toContain('Darkroom is ready')
  return program
}

/** The messages of a person's commands, oldest first. */
async function messagesFor(person: PersonClient): Promise<APIMessage[]> {
  return (await person.messages('studio')).filter((message) => textOf(message).includes(person.me.name))
}

async function shown(person: PersonClient) {
  const messages = await messagesFor(person)
  return messages.map((message) => ({
    id: message.id,
    pictures: mediaOf(message).length,
    text: textOf(message),
  }))
}

test('what takes seconds is finished, the rest comes after the restart in place of the message that says so', async () => {
  const dataDir = await temporaryFolder()
  const { classroom, person } = await open(dataDir)
  const quick = await machine(QUICK, 250)
  const slow = await machine(SLOW, 1000)
  const program = await startProgram(classroom, dataDir, [quick, slow])
  const [ben, mei, noor] = [await person('Ben'), await person('Mei'), await person('Noor')]
  await (await ben.slash(`/imagine prompt:"one boat" steps:16 model:${QUICK?.model_name ?? ''}`)).answer()
  await (await mei.slash(`/imagine prompt:"two boats" steps:60 model:${SLOW?.model_name ?? ''}`)).answer()
  await (await noor.slash(`/imagine prompt:"three boats" steps:60 model:${SLOW?.model_name ?? ''}`)).answer()
  await expect.poll(() => [quick.jobs().length, slow.jobs().length], { timeout: 10_000 }).toEqual([1, 1])

  program.child.kill('SIGTERM')
  await expect
    .poll(() => shown(noor), { timeout: 4000 })
    .toMatchObject([{ pictures: 0, text: expect.stringContaining(PUT_OFF) as string }])
  // Still there, and polite: a new command is not accepted any more.
  await (await ben.slash('/imagine prompt:"four boats"')).answer()
  const read = (await ben.messages('studio')).map((message) => textOf(message))
  expect(read).toContain('Darkroom is being restarted; please try again in a minute.')
  expect(await program.ended).toBe(0)
  expect(program.said.err).toBe('')
  expect(await shown(ben)).toMatchObject([{ pictures: 1 }])
  const told = await shown(mei)
  expect(told).toMatchObject([{ pictures: 0, text: expect.stringContaining(PUT_OFF) as string }])

  const again = await startProgram(classroom, dataDir, [await machine(QUICK, 1), await machine(SLOW, 1)])
  await expect.poll(() => shown(mei), { timeout: 15_000 }).toMatchObject([{ id: told[0]?.id, pictures: 1 }])
  await expect.poll(() => shown(noor), { timeout: 15_000 }).toMatchObject([{ pictures: 1 }])
  expect(await shown(ben)).toMatchObject([{ pictures: 1 }])
  again.child.kill('SIGTERM')
  expect(await again.ended).toBe(0)
}, 90_000)

test('a second signal ends it at once, and nothing that was accepted is lost by that', async () => {
  const dataDir = await temporaryFolder()
  const { classroom, person } = await open(dataDir)
  const slow = await machine(SLOW, 1000)
  const program = await startProgram(classroom, dataDir, [slow])
  const mei = await person('Mei')
  await (await mei.slash('/imagine prompt:"two boats" steps:60')).answer()
  await expect.poll(() => slow.jobs().length, { timeout: 10_000 }).toBe(1)

  // As npm does it with Ctrl+C: twice in the same moment. That counts as one.
  program.child.kill('SIGINT')
  await pause(100)
  program.child.kill('SIGINT')
  await pause(1500)
  expect(program.child.exitCode).toBeNull()
  const started = performance.now()
  program.child.kill('SIGINT')
  expect(await program.ended).toBe(0)
  expect(performance.now() - started).toBeLessThan(1500)

  await startProgram(classroom, dataDir, [await machine(SLOW, 1)])
  await expect.poll(() => shown(mei), { timeout: 15_000 }).toMatchObject([{ pictures: 1 }])
}, 60_000)

test('who can no longer be answered in private is told in the message itself', async () => {
  let minutes = 0
  const backend = createMemoryBackend()
  const darkroom = await startDarkroom({
    backends: [backend],
    classroom: { now: () => Date.now() + minutes * 60_000 },
  })
  onTestFinished(() => darkroom.close())
  const mei = await darkroom.person('Mei')
  await (await mei.slash('/imagine prompt:"two boats"')).answer()
  await expect.poll(() => shown(mei)).toMatchObject([{ text: expect.stringContaining('begins') as string }])
  minutes = 16
  await darkroom.bot.close()
  expect(await shown(mei)).toMatchObject([{ text: expect.stringContaining(PUT_OFF) as string }])
  await darkroom.restart()
  const call = await backend.called(2)
  call.finish()
  await darkroom.bot.idle()
  const messages = await mei.messages('studio')
  expect(messages.map((message) => mediaOf(message).length)).toEqual([0, 1])
  expect(textOf(messages[0] as APIMessage)).toContain('in [another message]')
})
