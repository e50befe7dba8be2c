/** Who decides over a face: the check, its second look, and what a withdrawal takes away. */
import { DatabaseSync } from 'node:sqlite'
import path from 'node:path'
import { readdir } from 'node:fs/promises'
import sharp from 'sharp'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { GeneratedImage, Parent, PictureRecipe, SwapRequest } from '../../src/domain.ts'
import { createFaceBackend } from '../../src/services/backends/faces/index.ts'
import { createConsentBook } from '../../src/services/consent/book.ts'
import { createConsent } from '../../src/services/consent/index.ts'
import { createMayDraw } from '../../src/services/consent/mayDraw.ts'
import { createWithdrawals } from '../../src/services/consent/withdrawals.ts'
import { createInputUse } from '../../src/services/inputUse.ts'
import type { QueueOptions } from '../../src/services/queue.ts'
import { createSwapFaces } from '../../src/services/swapFaces.ts'
import { createFakeKit, facePicture } from '../support/fakeFaces.ts'
import { createMemoryBackend, plainModel } from '../support/memoryBackend.ts'
import { ben, mei, noor, openStudio, origin, temporaryFolder } from '../support/studio.ts'
import { sampleRecipe } from '../support/samples.ts'

const { guildId } = origin
const DAY_MS = 24 * 60 * 60_000

async function open() {
  const dataDir = await temporaryFolder()
  const kit = createFakeKit()
  let clock = Date.now()
  const machines = [createMemoryBackend({ isAuto: true }), createFaceBackend(kit.faces)]
  let mayDraw: QueueOptions['mayDraw']
  const studio = await openStudio(dataDir, { machines, mayDraw: (job, signal) => mayDraw!(job, signal) })
  onTestFinished(() => studio.close())
  const { database, settings, inputs, gallery, queue, backends } = studio
  const inputUse = createInputUse({ database, inputs })
  const book = createConsentBook(database, () => clock)
  const consent = createConsent({ book, kit, settings, inputs, gallery, inputUse })
  mayDraw = createMayDraw({ book, consent, gallery })
  const withdrawals = createWithdrawals({ database, book, gallery, inputUse, queue })
  const swapFaces = createSwapFaces({ backends, consent, gallery, settings, kit, inputs, queue })
  await settings.update(guildId, { realFaces: true })
  const keep = async (...names: Parameters<typeof facePicture>) =>
    (await inputs.keep(await facePicture(...names))).id
  return {
    ...studio,
    dataDir,
    book,
    consent,
    withdrawals,
    swapFaces,
    keep,
    pass: (days: number) => (clock += days * DAY_MS),
  }
}
type Room = Awaited<ReturnType<typeof open>>

const swapOf = (source: string, target: string, changes: Partial<SwapRequest> = {}) => ({
  kind: 'swap' as const,
  model: 'landmarks',
  source,
  target,
  sourceFace: 0,
  targetFace: 0,
  ...changes,
})

/** Keeps a made-up picture of a job of its own. */
async function made(
  { gallery }: Room,
  recipe: PictureRecipe,
  parents: Parent[] = [],
  id = `j${Math.random().toString(36).slice(2)}`,
) {
  const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'teal' } })
    .png()
    .toBuffer()
  const image: GeneratedImage<PictureRecipe> = { recipe, png, width: 64, height: 64, notes: [] }
  return gallery.keep({ id, asker: ben, origin, parents }, 0, image)
}

test('the queue takes no swap that the check has not seen', async () => {
  const { queue, keep } = await open()
  const id = await keep('ada')
  // A type is the lock: this line must not compile without the remark.
  // @ts-expect-error -- not a ConsentedSwap
  const add = () => queue.add({ ...swapOf(id, id), consents: [] }, ben, origin)
  expect(add).toBeTypeOf('function')
})

test('one face in one picture is one person: a second one can neither claim it, nor be asked, nor say yes', async () => {
  const { consent, withdrawals, keep } = await open()
  const face = { inputId: await keep('noor'), face: 0 }
  const place = { guildId, channelId: 'c' }
  const question = await consent.ask(face, { asker: ben, subject: mei }, place)
  await consent.declare(face, noor, guildId, noor)
  const claim = () => consent.declare(face, ben, guildId, ben)
  await expect(claim()).rejects.toThrow('Another person of this class has said that this face is theirs')
  await expect(consent.ask(face, { asker: ben, subject: mei }, place)).rejects.toThrow('Another person')
  await expect(consent.answer(question.id, mei.id, 'yes')).rejects.toThrow('Another person')
  expect(consent.of(ben.id, guildId)).toMatchObject({ given: [], received: [] })
  await expect(consent.declare(face, noor, guildId)).resolves.toMatchObject({ subject: noor })
  await consent.answer(question.id, mei.id, 'no')
  for (const { id: each } of consent.of(noor.id, guildId).given) await withdrawals.withdraw(each, noor)
  await expect(consent.declare({ ...face, inputId: await keep('noor') }, ben, guildId)).resolves.toBeDefined()
})

test('practice faces need no consent, also where real faces are off', async () => {
  const { consent, settings, keep } = await open()
  await settings.update(guildId, { realFaces: undefined })
  const swap = await consent.check(swapOf(await keep('ada'), await keep('grace')), ben, guildId)
  expect(swap).toMatchObject({
    consents: [],
    whose: { source: { kind: 'practice', name: 'Ada' }, target: { kind: 'practice', name: 'Grace' } },
  })
})

test('each face is looked at: the one that is taken and the one that is replaced', async () => {
  const { consent, keep } = await open()
  const [photo, practice] = [await keep('mei'), await keep('ada')]
  const inSource = consent.check(swapOf(photo, practice), ben, guildId)
  await expect(inSource).rejects.toThrow('in the source picture has not allowed')
  const inTarget = consent.check(swapOf(practice, photo), ben, guildId)
  await expect(inTarget).rejects.toThrow('in the target picture has not allowed')
  await consent.declare({ inputId: photo, face: 0 }, mei, guildId, ben)
  const both = await consent.check(swapOf(photo, photo), ben, guildId)
  expect(both.consents).toHaveLength(1)
  expect(both.whose?.target).toEqual({ kind: 'person', name: 'Mei' })
})

test('the face decides, not the file: another face of the same picture has its own consent', async () => {
  const { consent, keep } = await open()
  const [group, practice] = [await keep('mei', 'noor'), await keep('ada')]
  await consent.declare({ inputId: group, face: 1 }, noor, guildId)
  const check = (sourceFace: number) => consent.check(swapOf(group, practice, { sourceFace }), ben, guildId)
  await expect(check(0)).rejects.toMatchObject({ code: 'not-allowed' })
  expect((await check(1)).whose?.source.name).toBe('Noor')
})

test.each([
  [
    'of another class',
    async ({ consent, keep }: Room) =>
      consent.declare({ inputId: await keep('mei'), face: 0 }, mei, 'another class'),
  ],
  [
    'for somebody else',
    async ({ consent, keep }: Room) =>
      consent.declare({ inputId: await keep('mei'), face: 0 }, mei, guildId, noor),
  ],
  [
    'that has run out',
    async ({ consent, keep, pass }: Room) => {
      await consent.declare({ inputId: await keep('mei'), face: 0 }, mei, guildId)
      pass(181)
    },
  ],
  [
    'that was taken back',
    async ({ consent, keep, withdrawals }: Room) => {
      const { id } = await consent.declare({ inputId: await keep('mei'), face: 0 }, mei, guildId)
      await withdrawals.withdraw(id, mei)
    },
  ],
])('a yes %s does not count', async (_, give) => {
  const room = await open()
  await give(room)
  const swap = swapOf(await room.keep('mei'), await room.keep('ada'))
  await expect(room.consent.check(swap, ben, guildId)).rejects.toThrow('has not allowed you')
})

test('while real faces are off a yes does not count either', async () => {
  const { consent, settings, keep } = await open()
  await consent.declare({ inputId: await keep('mei'), face: 0 }, mei, guildId)
  await settings.update(guildId, { realFaces: undefined })
  const check = consent.check(swapOf(await keep('mei'), await keep('ada')), ben, guildId)
  await expect(check).rejects.toThrow('/class faces on')
})

test('a job whose yes was taken back, or given anew, is not made when its turn comes', async () => {
  const room = await open()
  const { consent, book, swapFaces, keep, queue, gallery } = room
  const photo = await keep('mei')
  const given = await consent.declare({ inputId: photo, face: 0 }, mei, guildId)
  const options = { source: photo, target: await keep('ada'), sourceFace: 0, targetFace: 0 }
  const job = await swapFaces.submit(options, ben, origin)
  // As in a crash between the two: marked, but the job not yet stopped.
  book.markWithdrawn(given.id)
  await consent.declare({ inputId: photo, face: 0 }, mei, guildId)
  queue.start()
  await queue.idle()
  expect(queue.get(job.id)).toMatchObject({ state: 'failed' })
  expect(queue.get(job.id)?.failure).toContain('taken their yes back')
  expect(gallery.ofJob(job.id)).toEqual([])
})

test.each([
  ['with no yes', []],
  ['with a yes that it does not name', ['given']],
])('a swap that came into the table by another way is not made, %s', async (_, [given]) => {
  const room = await open()
  const { consent, keep, queue, imagine, database, gallery } = room
  const [source, target] = [await keep('mei'), await keep('ada')]
  if (given) await consent.declare({ inputId: source, face: 0 }, mei, guildId)
  const request = await imagine.parse({ prompt: 'a cat', model: plainModel.id }, guildId)
  const job = await imagine.submit(request, ben, origin)
  const smuggled = JSON.stringify({ ...swapOf(source, target), consents: [] })
  database.prepare(`UPDATE jobs SET request = ?, model = 'landmarks'`).run(smuggled)
  queue.start()
  await queue.idle()
  expect(queue.get(job.id)).toMatchObject({ state: 'failed', request: { kind: 'swap' } })
  expect(gallery.ofJob(job.id)).toEqual([])
})

test('a remix of a swap whose yes was taken back is not made either', async () => {
  const room = await open()
  const { consent, book, keep, queue, imagine, gallery } = room
  const given = await consent.declare({ inputId: await keep('mei'), face: 0 }, mei, guildId)
  const swap = await consent.check(swapOf(await keep('mei'), await keep('ada')), ben, guildId)
  const parent = await made(room, swap)
  const request = await imagine.parse({ prompt: 'a cat', model: plainModel.id }, guildId)
  const remix = () => imagine.submit(request, ben, origin, [{ pictureId: parent.id, relation: 'remix' }])
  const before = await remix()
  queue.start()
  await queue.idle()
  expect(queue.get(before.id)?.state).toBe('done')
  // Also when the swap itself was deleted before.
  await gallery.remove(parent.id)
  book.markWithdrawn(given.id)
  const after = await remix()
  await queue.idle()
  expect(queue.get(after.id)?.failure).toContain('taken their yes back')
})

test('a yes that has run out allows no remix, and can still be taken back with all that was made', async () => {
  const { consent, withdrawals, keep, queue, imagine, gallery, inputs, pass, ...room } = await open()
  const face = await keep('mei')
  const given = await consent.declare({ inputId: face, face: 0 }, mei, guildId)
  const living = await consent.declare({ inputId: await keep('mei', 'nobody'), face: 0 }, mei, guildId)
  const swap = await consent.check(swapOf(face, await keep('ada')), ben, guildId)
  const parent = await made({ ...room, gallery } as Room, swap)
  pass(170)
  const newer = await consent.declare({ inputId: face, face: 0 }, mei, guildId)
  pass(11)
  const request = await imagine.parse({ prompt: 'a cat', model: plainModel.id }, guildId)
  const remix = await imagine.submit(request, ben, origin, [{ pictureId: parent.id, relation: 'remix' }])
  queue.start()
  await queue.idle()
  expect(queue.get(remix.id)?.failure).toContain('it has run out')

  expect(consent.of(mei.id, guildId).given.map(({ id }) => id)).toEqual([newer.id, given.id, living.id])
  expect(await withdrawals.withdraw(given.id, mei)).toMatchObject({ pictures: 1 })
  await withdrawals.withdraw(newer.id, mei)
  expect(gallery.get(parent.id)).toBeUndefined()
  await expect(inputs.png(face)).rejects.toThrow('ENOENT')
})

test('a swap with a real face in it, and what was made from it, is not swapped again', async () => {
  const room = await open()
  const { consent, swapFaces, keep } = room
  await consent.declare({ inputId: await keep('mei'), face: 0 }, mei, guildId)
  const swap = await consent.check(swapOf(await keep('mei'), await keep('ada')), ben, guildId)
  const parent = await made(room, swap)
  const remix = await made(room, sampleRecipe(), [{ pictureId: parent.id, relation: 'remix' }])
  const ada = await keep('ada')
  // As if the swapped picture looked like a practice face.
  const options = { source: ada, target: ada, sourceFace: 0, targetFace: 0 }
  for (const { id } of [parent, remix]) {
    const submit = swapFaces.submit(options, ben, origin, [{ pictureId: id, relation: 'scene' }])
    await expect(submit).rejects.toThrow('comes from a face swap with the face of a real person')
  }
})

test('a withdrawal follows the lineage, over pictures that were deleted, and takes nothing else', async () => {
  const room = await open()
  const { consent, withdrawals, keep, gallery, inputs, dataDir } = room
  const [photo, practice] = [await keep('mei'), await keep('ada')]
  const given = await consent.declare({ inputId: photo, face: 0 }, mei, guildId)
  const swap = await consent.check(swapOf(photo, practice), ben, guildId)
  const other = await consent.check(swapOf(practice, await keep('grace')), ben, guildId)
  const root = await made(room, swap)
  const { id: initImage } = await inputs.keep(await gallery.png(root), { width: 64, height: 64 })
  const from = (pictureId: string, relation: Parent['relation'] = 'remix') => [{ pictureId, relation }]
  const middle = await made(room, sampleRecipe({ initImage, denoisingStrength: 0.5 }), from(root.id))
  const leaf = await made(room, sampleRecipe(), from(middle.id, 'vary'))
  const reswapped = await made(room, other, [...from(leaf.id, 'scene')])
  const apart = await made(room, other)
  await gallery.remove(middle.id)
  gallery.noteShown(leaf, { channelId: '5', messageId: '6' })

  expect(gallery.hasSwap(leaf)).toBe(true)
  expect(withdrawals.preview(given.id, mei)).toMatchObject({ pictures: 3, jobs: 0 })
  expect(await withdrawals.withdraw(given.id, mei)).toEqual({
    pictures: 3,
    jobs: 0,
    isFaceKept: false,
  })
  expect([root, leaf, reswapped].map(({ id }) => gallery.get(id))).toEqual([undefined, undefined, undefined])
  expect(gallery.get(apart.id)).toBeDefined()
  expect(await readdir(path.join(dataDir, 'pictures'))).toEqual([`${apart.id}.png`])
  // What the other swap still needs stays; the photo and what the remix began from do not.
  const left = await readdir(path.join(dataDir, 'inputs'))
  expect(left).toContain(`${practice}.png`)
  expect(left).not.toContain(`${photo}.png`)
  expect(withdrawals.messages()).toMatchObject([{ channelId: '5', messageId: '6' }])
})

test('the record of a withdrawn yes holds no face any more', async () => {
  const room = await open()
  const { consent, withdrawals, keep, dataDir } = room
  const face = { inputId: await keep('mei'), face: 0 }
  const question = await consent.ask(face, { asker: ben, subject: mei }, { guildId, channelId: '1' })
  await consent.answer(question.id, mei.id, 'yes')
  const { id } = consent.of(mei.id, guildId).given[0]!
  await withdrawals.withdraw(id, mei)
  const database = new DatabaseSync(path.join(dataDir, 'darkroom.db'), { readOnly: true })
  const asked = database
    .prepare('SELECT input_id, length(signature) AS size, answer FROM consent_requests')
    .get()
  expect(asked).toMatchObject({ input_id: '', size: 0, answer: 'yes' })
  const row = database.prepare('SELECT input_id, length(signature) AS size, withdrawn_at FROM consents').get()
  database.close()
  expect(row).toMatchObject({ input_id: '', size: 0 })
  expect(row?.['withdrawn_at']).toBeGreaterThan(0)
})

test('what a crash left of a withdrawal is removed at the next start', async () => {
  const room = await open()
  const { consent, withdrawals, keep, gallery } = room
  const given = await consent.declare({ inputId: await keep('mei'), face: 0 }, mei, guildId)
  const swap = await consent.check(swapOf(await keep('mei'), await keep('ada')), ben, guildId)
  const picture = await made(room, swap)
  const remove = vi.spyOn(gallery, 'remove').mockRejectedValueOnce(new Error('the process died'))
  await expect(withdrawals.withdraw(given.id, mei)).rejects.toThrow('died')
  expect(gallery.get(picture.id)).toBeDefined()
  await withdrawals.resume()
  expect(remove).toHaveBeenCalledTimes(2)
  expect(gallery.get(picture.id)).toBeUndefined()
})

test('a group picture stays while somebody else in it has agreed', async () => {
  const { consent, withdrawals, keep, inputs } = await open()
  const group = await keep('mei', 'noor')
  const one = await consent.declare({ inputId: group, face: 0 }, mei, guildId)
  const other = await consent.declare({ inputId: group, face: 1 }, noor, guildId)
  const first = await withdrawals.withdraw(one.id, mei)
  expect(first.isFaceKept).toBe(true)
  await inputs.png(group)
  const second = await withdrawals.withdraw(other.id, noor)
  expect(second.isFaceKept).toBe(false)
  await expect(inputs.png(group)).rejects.toThrow('ENOENT')
})

test('nobody else takes a yes back, and not twice', async () => {
  const { consent, withdrawals, keep } = await open()
  const { id } = await consent.declare({ inputId: await keep('mei'), face: 0 }, mei, guildId)
  const by = (person: typeof ben, instructorIn?: string) =>
    withdrawals.withdraw(id, { ...person, instructorIn })
  await expect(by(ben)).rejects.toThrow('Only the person who gave this consent')
  await expect(by(noor, 'another class')).rejects.toMatchObject({ code: 'not-allowed' })
  await by(noor, guildId)
  await expect(by(mei)).rejects.toThrow('taken back already')
})

test('questions: one for a picture, three at a time, seven days, answered once', async () => {
  const { consent, keep, pass, inputs } = await open()
  const place = { guildId, channelId: origin.channelId }
  const ask = async (...names: Parameters<typeof facePicture>) =>
    consent.ask({ inputId: await keep(...names), face: 0 }, { asker: ben, subject: mei }, place)
  const question = await ask('mei')
  await expect(ask('mei', 'noor')).rejects.toThrow('You have asked Mei about this picture')
  await expect(consent.answer(question.id, ben.id, 'yes')).rejects.toThrow('Only the person who was asked')
  await ask('noor')
  await ask('ben')
  await expect(ask('nobody', 'ada')).rejects.toThrow('Mei has 3 questions of yours')
  await consent.answer(question.id, mei.id, 'yes')
  await expect(consent.answer(question.id, mei.id, 'no')).rejects.toThrow('answered this already')
  expect(consent.of(ben.id, guildId).received).toHaveLength(1)
  expect(consent.of(mei.id, guildId).open).toHaveLength(2)
  pass(8)
  const [late] = consent.of(mei.id, guildId).open
  expect(late).toBeUndefined()
  const overdue = await consent.expire()
  expect(overdue).toHaveLength(2)
  expect(await consent.expire()).toEqual([])
  await expect(inputs.png(overdue[0]!.inputId)).rejects.toThrow('ENOENT')
  expect(() => consent.question(overdue[0]!.id, mei.id)).toThrow('has run out')
})
