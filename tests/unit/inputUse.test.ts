/** When a kept input goes, while commands are at work with it. */
import { expect, it } from 'vitest'
import { z } from 'zod'
import { createDrafts } from '../../src/services/drafts.ts'
import { createInputUse } from '../../src/services/inputUse.ts'
import { createMemoryBackend } from '../support/memoryBackend.ts'
import { drawn } from '../support/files.ts'
import { ben, mei, useStudio } from '../support/studio.ts'

async function open() {
  const studio = await useStudio({ backend: createMemoryBackend({ isAuto: true }) })
  const inputUse = createInputUse(studio)
  const drafts = createDrafts(studio.database, Date.now, (data) => inputUse.hold(data))
  const file = await drawn(64, 64)
  const isThere = (id: string) =>
    studio.inputs.png(id).then(
      () => true,
      () => false,
    )
  return { ...studio, inputUse, drafts, file, isThere }
}

it('stays for the job of a command that has kept it, although its last picture goes meanwhile', async () => {
  const { ask, file, gallery, inputs, inputUse, isThere, queue } = await open()
  queue.start()
  const { id } = await inputs.keep(file)
  const first = await ask(ben, 'first', { initImage: id })
  await queue.idle()
  const job = await inputUse.during(async () => {
    await inputs.keep(file)
    // Somebody else deletes the only picture that was made from it.
    await deleteAll()
    return ask(mei, 'second', { initImage: id })
  })
  await queue.idle()
  expect(queue.get(job.id)?.state).toBe('done')
  expect(await isThere(id)).toBe(true)
  for (const picture of gallery.ofJob(job.id)) await gallery.remove(picture.id)
  inputUse.release([id])
  expect(await isThere(id)).toBe(false)

  function deleteAll() {
    return inputUse.during(async () => {
      for (const picture of gallery.ofJob(first.id)) await gallery.remove(picture.id)
      inputUse.release([id])
    })
  }
})

it('goes when the command that held it has ended and nothing needs it', async () => {
  const { file, inputs, inputUse, isThere } = await open()
  const { id } = await inputs.keep(file)
  const failing = inputUse.during(async () => {
    await inputs.keep(file)
    await inputUse.during(() => Promise.resolve(inputUse.release([id])))
    expect(await isThere(id)).toBe(true)
    throw new Error('no room in the line')
  })
  await expect(failing).rejects.toThrow('no room in the line')
  expect(await isThere(id)).toBe(false)
})

it('goes at once when the command that kept it gives it up', async () => {
  const { file, inputs, inputUse, isThere } = await open()
  await inputUse.during(async () => {
    const { id } = await inputs.keep(file)
    inputUse.release([id])
    expect(await isThere(id)).toBe(false)
  })
})

it('stays between the draft that is taken up and the row that comes of it', async () => {
  const { drafts, file, inputs, inputUse, isThere } = await open()
  const { id } = await inputs.keep(file)
  const draft = drafts.put(ben.id, { inputId: id })
  inputUse.release([id])
  await inputUse.during(async () => {
    drafts.take(draft, ben.id, z.object({ inputId: z.string() }))
    await inputUse.during(() => Promise.resolve(inputUse.release([id])))
    drafts.put(ben.id, { inputId: id })
  })
  expect(await isThere(id)).toBe(true)
})
