/** /experiment and the experiments of lessons: a person predicts, one job draws, the pictures stand side by side. */
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import sharp from 'sharp'
import type { APIMessage } from 'discord-api-types/v10'
import { describe, expect, onTestFinished, test } from 'vitest'
import { mediaOf, textOf, type PersonClient, type Sent } from '../../src/classroom/client.ts'
import { isError } from '../../src/discord/render/errors.ts'
import { BackendError } from '../../src/errors.ts'
import { buttonsOf } from '../../scripts/slash/playSteps.ts'
import { startDarkroom, type Darkroom, type DarkroomOptions } from '../support/darkroom.ts'
import { createMemoryBackend, paidModel, plainModel } from '../support/memoryBackend.ts'

async function room(options: DarkroomOptions = {}): Promise<{ darkroom: Darkroom; ben: PersonClient }> {
  const darkroom = await startDarkroom(options)
  onTestFinished(() => darkroom.close())
  return { darkroom, ben: await darkroom.person('Ben') }
}

const instant = () => createMemoryBackend({ isAuto: true })

/** Sends, waits for all that follows and gives the messages that are new in the channel. */
async function outcome(
  darkroom: Darkroom,
  person: PersonClient,
  send: () => Promise<Sent>,
  channel = 'studio',
) {
  const before = new Set((await person.messages(channel)).map(({ id }) => id))
  expect((await (await send()).answer()).state).not.toBe('failed')
  await darkroom.bot.idle()
  return (await person.messages(channel)).filter(({ id }) => !before.has(id))
}

async function formOf(sent: Promise<Sent>) {
  const form = await (await sent).answer()
  expect(form.state).toBe('modal')
  return form
}

const only = <T>(list: readonly T[]): T => {
  expect(list.length).toBe(1)
  return list[0] as T
}
const isPrivate = (message: APIMessage) => ((message.flags ?? 0) & 64) !== 0
const labels = (message: APIMessage) => buttonsOf(message).map(({ label }) => label)
const steps = '/experiment variable:steps values:"1, 4, 10" prompt:"a red heart" seed:7'
const expectation = { 'What do you expect?': 'It gets cleaner' }

type Menu = { custom_id: string; options: { label: string; value: string }[] }
const menuOf = (message: APIMessage) => {
  const rows = (message.components ?? []) as { components?: (Menu & { type: number })[] }[]
  return only(rows.flatMap(({ components = [] }) => components).filter(({ type }) => type === 3))
}

/** Lets one kind of write fail, as a full disk may. @returns what ends that */
function unwritable({ services }: Darkroom, what: string): () => void {
  const database = new DatabaseSync(path.join(services.config.dataDir, 'darkroom.db'))
  database.exec(`CREATE TRIGGER unwritable BEFORE ${what} BEGIN SELECT RAISE(ABORT, 'no room'); END`)
  return () => {
    database.exec('DROP TRIGGER unwritable')
    database.close()
  }
}

/** The button of a lesson's experiment, once its instructor has posted it; its form. */
async function formOfLesson(darkroom: Darkroom, ben: PersonClient, ids: string) {
  const ida = await darkroom.person('Ida')
  await outcome(darkroom, ida, () => ida.slash(`/lesson post lesson:${ids.split('/')[0]}`), 'lessons')
  const posted = (await ben.messages('lessons')).find((message) =>
    JSON.stringify(message.components).includes(`experiment:${ids}`),
  ) as APIMessage
  return formOf(ben.press(posted, `experiment:${ids}`))
}

describe('/experiment', () => {
  test('asks what is expected before anything is drawn, then shows the labelled pictures beside it', async () => {
    const backend = instant()
    const { darkroom, ben } = await room({ backends: [backend] })
    const form = await formOf(ben.slash(steps))
    const asked = JSON.stringify(form.modal)
    for (const words of ['1, 4 and 10', 'seed 7', 'Three pictures', 'free']) expect(asked).toContain(words)
    expect(backend.calls).toEqual([])

    const message = only(await outcome(darkroom, ben, () => ben.fill(form, expectation)))
    expect(backend.calls.map(({ request }) => [request.steps, request.seed])).toEqual([
      [1, 7],
      [4, 7],
      [10, 7],
    ])
    const text = textOf(message)
    for (const words of [
      'steps**: 1 step · 4 steps · 10 steps',
      '**Ben expected:** It gets cleaner',
      'same, pixel for pixel',
      'seed 7',
    ])
      expect(text).toContain(words)
    const sheet = only(mediaOf(message))
    expect(sheet.name).toMatch(/^picture-\w+\.experiment\.png$/)
    expect(sheet.description).toContain('1: 1 step; 2: 4 steps; 3: 10 steps')
    const file = Buffer.from(await (await fetch(sheet.url)).arrayBuffer())
    expect((await sharp(file).metadata()).width).toBeGreaterThan(1000)
    expect(labels(message)).toEqual(['Delete'])
    const thread = only((await ben.state()).threads)
    expect(textOf((await ben.messages(thread.id)).at(-1) as APIMessage)).toContain('Ben expected')
  })

  test('shows one of its pictures in private, with the usual buttons, which go on from there', async () => {
    const { darkroom, ben } = await room({ backends: [instant()] })
    const form = await formOf(ben.slash(steps))
    const message = only(await outcome(darkroom, ben, () => ben.fill(form, expectation)))
    const menu = menuOf(message)
    expect(menu.options.map(({ label }) => label)).toEqual(['1: 1 step', '2: 4 steps', '3: 10 steps'])
    const third = menu.options[2]?.value ?? ''
    const look = only(await outcome(darkroom, ben, () => ben.select(message, menu.custom_id, [third])))
    expect(isPrivate(look)).toBe(true)
    expect(only(mediaOf(look)).name).toBe(`picture-${third}.png`)
    expect(textOf(look)).toContain('**10 steps**')
    expect(labels(look)).toEqual(expect.arrayContaining(['Again', 'Change', 'How was this made?']))
    expect(labels(look)).not.toContain('Delete')
    const again = only(await outcome(darkroom, ben, () => ben.press(look, 'Again')))
    expect(textOf(again)).toContain('10 steps')
    expect(darkroom.services.gallery.children(third).length).toBe(1)
  })

  test('Delete takes all of its pictures away', async () => {
    const { darkroom, ben } = await room({ backends: [instant()] })
    const form = await formOf(ben.slash(steps))
    const message = only(await outcome(darkroom, ben, () => ben.fill(form, expectation)))
    const question = only(await outcome(darkroom, ben, () => ben.press(message, 'Delete')))
    expect(textOf(question)).toContain('these 3 pictures')
    await outcome(darkroom, ben, () => ben.press(question, 'Yes, delete'))
    expect(darkroom.services.gallery.newest(darkroom.classroom.guildId, 9)).toEqual([])
  })

  test('takes everything else from a picture, by its place or by the link of its message', async () => {
    const backend = instant()
    const { darkroom, ben } = await room({ backends: [backend] })
    const drawn = only(
      await outcome(darkroom, ben, () => ben.slash('/imagine prompt:"a red heart" seed:42 steps:7')),
    )
    const link = `https://discord.com/channels/${darkroom.classroom.guildId}/${drawn.channel_id}/${drawn.id}`
    for (const picture of ['last', link]) {
      const form = await formOf(ben.slash(`/experiment variable:cfg values:"1 9" picture:${picture}`))
      const message = only(await outcome(darkroom, ben, () => ben.fill(form, expectation)))
      expect(
        backend.calls.slice(-2).map(({ request }) => [request.cfgScale, request.seed, request.steps]),
      ).toEqual([
        [1, 42, 7],
        [9, 42, 7],
      ])
      expect(textOf(message)).toContain('after a picture by **Ben**')
    }
    const source = darkroom.services.gallery.search('heart').find(({ parents }) => parents.length === 0)
    const children = darkroom.services.gallery.children(source?.id ?? '')
    expect(children.flatMap(({ parents }) => parents.map(({ relation }) => relation))).toContain('experiment')
  })

  test('begins from the picture itself where strength is what changes', async () => {
    const model = { ...plainModel, supports: { ...plainModel.supports, img2img: true } }
    const backend = createMemoryBackend({ isAuto: true, model })
    const { darkroom, ben } = await room({ backends: [backend] })
    await outcome(darkroom, ben, () => ben.slash('/imagine prompt:"a red heart" seed:42'))
    const form = await formOf(ben.slash('/experiment variable:strength values:"0.2, 0.8" picture:last'))
    await outcome(darkroom, ben, () => ben.fill(form, expectation))
    const cells = backend.calls.slice(-2).map(({ request }) => request)
    expect(cells.map(({ denoisingStrength }) => denoisingStrength)).toEqual([0.2, 0.8])
    expect(cells[0]?.initImage).toMatch(/^[0-9a-f]{64}$/)
    expect(cells[1]?.initImage).toBe(cells[0]?.initImage)
    // Its own noise would bring the same picture again at any strength.
    expect(cells[0]?.seed).not.toBe(42)
    expect(cells[1]?.seed).toBe(cells[0]?.seed)
  })

  test.each([
    ['values:"abc, 4" prompt:x', /^steps: “abc” is not a number/],
    ['values:"1, 4" prompt:x steps:3', /leave the option steps out/],
    ['values:"1, 4"', /give a prompt, or a picture/],
    ['values:"1, 4" picture:last', /no picture in this channel yet/],
    ['values:"1, 4" picture:nonsense', /This picture was not found/],
  ])('answers %s with a sentence that says what to change, and asks nothing', async (options, sentence) => {
    const { ben, darkroom } = await room({ backends: [instant()] })
    const answer = only(
      await outcome(darkroom, ben, () => ben.slash(`/experiment variable:steps ${options}`)),
    )
    expect(isPrivate(answer) && isError(answer.components ?? [])).toBe(true)
    expect(textOf(answer)).toMatch(sentence)
  })

  test('suggests values for the variable, and pictures', async () => {
    const { ben, darkroom } = await room({ backends: [instant()] })
    const values = async (typed: string) =>
      (await ben.autocomplete(`/experiment ${typed}`)).map(({ value }) => value)
    expect(await values('variable:steps values:')).toContain('1, 4, 10, 20, 40')
    expect(await values('variable:cfg values:"1, 7"')).toContain('1, 7')
    expect(await values('variable:sampler values:')).toContain('Euler, Euler a')
    expect(await values('variable:sampler values:"Euler a,"')).toEqual(['Euler a, Euler'])
    expect(await values('variable:steps values:"3, 5"')).toEqual(['3, 5'])
    await outcome(darkroom, ben, () => ben.slash('/imagine prompt:"a red heart" seed:42'))
    expect((await ben.autocomplete('/experiment picture:heart'))[0]).toMatchObject({ value: 'last' })
  })

  test('says before it runs what it will cost', async () => {
    const { ben } = await room({ backends: [createMemoryBackend({ isAuto: true, model: paidModel })] })
    const form = await formOf(ben.slash(`${steps} model:paid`))
    expect(JSON.stringify(form.modal)).toContain('costs about $0.30')
    expect(JSON.stringify(form.modal)).toContain('Left for today: $0.50 for you, $5.00 for the class.')
  })

  test('is one turn: another student comes after it, not after each of its pictures', async () => {
    const backend = createMemoryBackend()
    const { darkroom, ben } = await room({ backends: [backend] })
    const mei = await darkroom.person('Mei')
    const form = await formOf(ben.slash(steps))
    await (await ben.fill(form, expectation)).answer()
    await (await ben.slash('/imagine prompt:"and another"')).answer()
    await (await mei.slash('/imagine prompt:"my turn"')).answer()
    for (let call = 1; call <= 5; call++) (await backend.called(call)).finish()
    await darkroom.bot.idle()
    const prompts = backend.calls.map(({ request }) => request.prompt)
    expect(prompts).toEqual(['a red heart', 'a red heart', 'a red heart', 'my turn', 'and another'])
  })

  test('goes on after a restart with what is not drawn yet, and posts one message', async () => {
    const backend = createMemoryBackend()
    const { darkroom, ben } = await room({ backends: [backend] })
    const form = await formOf(ben.slash(steps))
    await (await ben.fill(form, expectation)).answer()
    ;(await backend.called(1)).finish()
    await backend.called(2)
    await darkroom.restart()
    ;(await backend.called(3)).finish()
    ;(await backend.called(4)).finish()
    await darkroom.bot.idle()
    expect(backend.calls.map(({ request }) => request.steps)).toEqual([1, 4, 4, 10])
    const results = (await ben.messages('studio')).filter((message) =>
      textOf(message).includes('Ben expected'),
    )
    expect(mediaOf(only(results))[0]?.description).not.toContain('could not be drawn')
  })

  test('shows what there is when one picture cannot be drawn, and says why', async () => {
    const backend = createMemoryBackend()
    const { darkroom, ben } = await room({ backends: [backend] })
    const form = await formOf(ben.slash(steps))
    await (await ben.fill(form, expectation)).answer()
    ;(await backend.called(1)).finish()
    ;(await backend.called(2)).fail(new BackendError('memory', 'rejected', 'no'))
    ;(await backend.called(3)).finish()
    await darkroom.bot.idle()
    const message = (await ben.messages('studio')).at(-1) as APIMessage
    expect(textOf(message)).toMatch(/\*\*Missing:\*\* 4 steps\. The machine that draws refused/)
    expect(mediaOf(message)[0]?.description).toContain('2: 4 steps (could not be drawn)')
    expect(menuOf(message).options.length).toBe(2)
  })

  test('takes a form that was opened before a restart, and takes it once', async () => {
    const { darkroom, ben } = await room({ backends: [instant()] })
    const form = await formOf(ben.slash(steps))
    await darkroom.restart()
    const message = only(await outcome(darkroom, ben, () => ben.fill(form, expectation)))
    expect(textOf(message)).toContain('**Ben expected:** It gets cleaner')
    const answer = only(await outcome(darkroom, ben, () => ben.fill(form, expectation)))
    expect(textOf(answer)).toContain('please begin again')
  })

  test('sent twice in the same instant it is accepted once', async () => {
    const backend = instant()
    const { darkroom, ben } = await room({ backends: [backend] })
    const form = await formOf(ben.slash(steps))
    const { safety } = darkroom.services
    const check = safety.check.bind(safety)
    const both = Promise.withResolvers<void>()
    let checks = 0
    safety.check = async (...args) => {
      if (++checks === 2) both.resolve()
      await both.promise
      return check(...args)
    }
    const sent = await Promise.all([ben.fill(form, expectation), ben.fill(form, expectation)])
    await Promise.all(sent.map((each) => each.answer()))
    await darkroom.bot.idle()
    expect(backend.calls).toHaveLength(3)
    const texts = (await ben.messages('studio')).map((message) => textOf(message))
    expect(texts.filter((text) => text.includes('please begin again'))).toHaveLength(1)
  })

  test('what cannot be noted is not accepted, and the form can be sent again', async () => {
    const backend = instant()
    const { darkroom, ben } = await room({ backends: [backend] })
    const form = await formOf(ben.slash(steps))
    const mend = unwritable(darkroom, 'DELETE ON drafts')
    const refused = only(await outcome(darkroom, ben, () => ben.fill(form, expectation)))
    expect(textOf(refused)).toContain('Something broke')
    mend()
    await outcome(darkroom, ben, () => ben.fill(form, expectation))
    expect(backend.calls).toHaveLength(3)
    expect(darkroom.services.queue.unfinished()).toEqual([])
  })
})

describe('an experiment of a lesson', () => {
  test('asks its own question, runs, explains with the words of the lesson and is reported', async () => {
    const { darkroom, ben } = await room()
    const { lessons } = darkroom.services
    const ids = '03-prompt-and-guidance/swap-a-word'
    const { experiment } = lessons.experiment(darkroom.classroom.guildId, ids)
    const form = await formOfLesson(darkroom, ben, ids)
    expect(JSON.stringify(form.modal)).toContain(experiment.expect)
    const choice = experiment.choices?.[1] ?? ''
    const message = only(
      await outcome(darkroom, ben, () => ben.fill(form, { 'What do you expect?': choice }), 'lessons'),
    )
    expect(textOf(message)).toContain(`**Ben expected:** ${choice}`)
    expect(textOf(message)).toContain(experiment.explain)
    expect(textOf(message)).toContain('Measured in these pictures')
    const report = lessons.report(
      darkroom.classroom.guildId,
      lessons.get(darkroom.classroom.guildId, '03-prompt-and-guidance'),
    )
    expect(report.experiments.find(({ id }) => id === 'swap-a-word')).toMatchObject({
      runs: 1,
      predictions: [{ text: choice, count: 1 }],
    })
  }, 30_000)

  test('is not accepted without its line in the report', async () => {
    const backend = instant()
    const { darkroom, ben } = await room({ backends: [backend] })
    const form = await formOfLesson(darkroom, ben, '03-prompt-and-guidance/swap-a-word')
    const field = Object.keys(expectation)[0] ?? ''
    const { lessons } = darkroom.services
    const { guildId } = darkroom.classroom
    const { experiment } = lessons.experiment(guildId, '03-prompt-and-guidance/swap-a-word')
    const send = () => ben.fill(form, { [field]: experiment.choices?.[1] ?? '' })
    const runs = () =>
      lessons
        .report(guildId, lessons.get(guildId, '03-prompt-and-guidance'))
        .experiments.find(({ id }) => id === 'swap-a-word')?.runs
    const mend = unwritable(darkroom, 'INSERT ON experiment_runs')
    const refused = only(await outcome(darkroom, ben, send, 'lessons'))
    expect(textOf(refused)).toContain('Something broke')
    expect([backend.calls.length, runs()]).toEqual([0, 0])
    mend()
    await outcome(darkroom, ben, send, 'lessons')
    expect(runs()).toBe(1)
    expect(backend.calls.length).toBeGreaterThan(0)
  })
})
