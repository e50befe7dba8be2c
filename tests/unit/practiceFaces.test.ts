/** What counts as a practice face, which needs nobody's consent: with the engine of the bot, whose signatures forgive small changes. */
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import type { FaceOwner, Parent, SwapRequest } from '../../src/domain.ts'
import { createConsentBook } from '../../src/services/consent/book.ts'
import { createConsent } from '../../src/services/consent/index.ts'
import { createFaceKit } from '../../src/services/faceKit.ts'
import { createInputUse } from '../../src/services/inputUse.ts'
import { ben, openStudio, origin, temporaryFolder } from '../support/studio.ts'

const nobody: FaceOwner = { kind: 'practice', name: 'Ada' }

async function open() {
  const studio = await openStudio(await temporaryFolder())
  const kit = createFaceKit()
  onTestFinished(async () => {
    await studio.close()
    await kit.faces.close()
  })
  const { database, inputs, gallery, settings } = studio
  await settings.update(origin.guildId, { realFaces: true })
  const inputUse = createInputUse({ database, inputs })
  const book = createConsentBook(database, Date.now)
  const consent = createConsent({ book, kit, settings, inputs, gallery, inputUse })
  const [edda, ada] = await Promise.all([kit.practicePicture('edda'), kit.practicePicture('ada')])
  const { png, width, height } = await kit.faces.swap({
    source: edda,
    target: ada,
    sourceFace: 1,
    targetFace: 1,
  })
  const target = (await inputs.keep(ada)).id
  const check = (source: string, parents: Parent[] = []) =>
    consent.check(
      { kind: 'swap', model: 'landmarks', source, target, sourceFace: 0, targetFace: 0 },
      ben,
      origin.guildId,
      parents,
    )
  /** The swap as a picture of the gallery. */
  const inGallery = async (changes: Partial<SwapRequest>) => {
    const recipe: SwapRequest = {
      kind: 'swap',
      model: 'landmarks',
      source: target,
      target,
      sourceFace: 0,
      targetFace: 0,
      consents: [],
      ...changes,
    }
    const image = { recipe, png, width, height, notes: [] }
    const job = { id: `j${JSON.stringify(changes).length}`, asker: ben, origin, parents: [] }
    const picture = await gallery.keep(job, 0, image)
    const input = await inputs.keep(await gallery.png(picture))
    return { input: input.id, parents: [{ pictureId: picture.id, relation: 'face' as const }] }
  }
  return { kit, inputs, check, target, ada, png, inGallery }
}

test('a practice picture with another face swapped onto it is no practice face, though its signature is nearly the same', async () => {
  const { kit, inputs, check, target, ada, png } = await open()
  const [own, swapped] = await Promise.all([kit.faces.signature(ada, 1), kit.faces.signature(png, 1)])
  expect(kit.sameFace(own, swapped)).toBe(true)
  expect((await check(target)).whose).toMatchObject({ source: nobody, target: nobody })
  for (const laundered of [png, await sharp(png).jpeg({ quality: 80 }).toBuffer()]) {
    await expect(check((await inputs.keep(laundered)).id)).rejects.toThrow('has not allowed you')
  }
}, 60_000)

test('a swap of ours is one while only practice faces are in it', async () => {
  const { check, inGallery, target, inputs, png } = await open()
  const ofNobody = await inGallery({ whose: { source: nobody, target: nobody } })
  expect((await check(ofNobody.input, ofNobody.parents)).consents).toEqual([])
  // Neither without knowing where it comes from, nor for another picture than the one that it gave.
  await expect(check(ofNobody.input)).rejects.toThrow('has not allowed you')
  const real = await inGallery({
    whose: { source: { kind: 'person', name: 'Mei' }, target: nobody },
    consents: ['c1'],
  })
  await expect(check(real.input, real.parents)).rejects.toThrow('has not allowed you')
  const unmarked = (await inputs.keep(png)).id
  await expect(check(unmarked, ofNobody.parents)).rejects.toThrow('has not allowed you')
  expect((await check(target, real.parents)).consents).toEqual([])
}, 60_000)
