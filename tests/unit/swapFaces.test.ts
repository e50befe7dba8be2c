/** Which engine swaps, what it may cost, and how a swap explains itself. */
import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import type { FaceEngine, ImageBackend, SwapRequest } from '../../src/domain.ts'
import { createBackends } from '../../src/services/backends.ts'
import { createFaceBackend } from '../../src/services/backends/faces/index.ts'
import type { ConsentedSwap } from '../../src/services/consent/consentedSwap.ts'
import { createDrafts } from '../../src/services/drafts.ts'
import { createExplain } from '../../src/services/explain/index.ts'
import { engineFor, faceEngines } from '../../src/services/faceEngines.ts'
import { UserError } from '../../src/errors.ts'
import { createSwapFaces } from '../../src/services/swapFaces.ts'
import { z } from 'zod'
import { createFakeKit, facePicture, facesIn } from '../support/fakeFaces.ts'
import { createMemoryBackend } from '../support/memoryBackend.ts'
import { ben, mei, openStudio, origin, temporaryFolder, useStudio } from '../support/studio.ts'

const price = { usdPerPicture: 0.2, checkedOn: '2026-11-01' }
const engine = (id: string, more: Partial<FaceEngine> = {}): FaceEngine => ({
  id,
  title: id,
  description: `The engine ${id}.`,
  ...more,
})
/** A machine that swaps with one engine, as the one of the bot does. */
const machine = (id: string, ...engines: FaceEngine[]): ImageBackend => ({
  ...createFaceBackend(createFakeKit().faces),
  id,
  faceEngines: () => engines,
})

test('the engine inside the bot comes first, and none that costs is taken unless it is named', () => {
  const lab = machine('auto1111-1', engine('reactor'))
  const paid = machine('replicate', engine('rented', { price }))
  const inside = machine('faces', engine('landmarks'))
  const all = createBackends([paid, lab, inside])
  expect(faceEngines(all).map(({ id }) => id)).toEqual(['landmarks', 'rented', 'reactor'])
  expect(engineFor(all, undefined).id).toBe('landmarks')
  expect(engineFor(createBackends([paid, lab]), undefined).id).toBe('reactor')
  expect(engineFor(all, 'Rented').id).toBe('rented')
  expect(() => engineFor(createBackends([paid]), undefined)).toThrow(
    'Please choose an engine: rented (about $0.20',
  )
  expect(() => engineFor(createBackends([]), undefined)).toThrow('Nothing that swaps faces is connected')
  expect(() => engineFor(all, 'roop')).toThrow(
    'There is no face engine "roop"; choose one of: landmarks (free)',
  )
})

/** A swap with practice faces, and a check that lets it pass. */
async function swapRoom(...machines: ImageBackend[]) {
  const studio = await useStudio({ machines })
  const consent = {
    check: (swap: object) => Promise.resolve({ ...swap, consents: [] } as unknown as ConsentedSwap),
  }
  const id = (await studio.inputs.keep(await facePicture('ada'))).id
  const swapFaces = createSwapFaces({ ...studio, consent, kit: createFakeKit() })
  return { ...studio, swapFaces, faces: { source: id, target: id, sourceFace: 0, targetFace: 0 } }
}

test('an engine that costs is paid from the budget, and refused beyond it', async () => {
  const paid = machine('replicate', engine('rented', { price }))
  const { swapFaces, faces, queue, settings } = await swapRoom(machine('faces', engine('landmarks')), paid)
  await settings.update(origin.guildId, { budgetPersonUsd: 0.3 })
  const job = await swapFaces.submit({ ...faces, engine: 'rented' }, ben, origin)
  expect(job.reservedUsd).toBe(0.2)
  const second = swapFaces.submit({ ...faces, engine: 'rented' }, ben, origin)
  await expect(second).rejects.toMatchObject({ code: 'over-budget' })
  expect((await swapFaces.submit(faces, ben, origin)).reservedUsd).toBeUndefined()
  queue.start()
  await queue.idle()
  expect(queue.get(job.id)?.costUsd).toBe(0.2)
})

test('a machine that counts faces by itself sees the chosen face and nobody else', async () => {
  const seen: string[][] = []
  const outside: ImageBackend = {
    ...machine('replicate', engine('rented')),
    async swapFaces(request, { source, target }) {
      seen.push(await facesIn(source), await facesIn(target))
      return { recipe: request, png: target, width: 64, height: 128, notes: [] }
    },
  }
  const inside = machine('faces', engine('landmarks', { takesChosenFaces: true }))
  const { swapFaces, faces, inputs, queue } = await swapRoom(inside, outside)
  const group = (await inputs.keep(await facePicture('mei', 'nobody', 'ada'))).id
  const chosen = { ...faces, source: group, sourceFace: 1 }
  const job = await swapFaces.submit({ ...chosen, engine: 'rented' }, ben, origin)
  expect(job.request).toMatchObject({ sourceFace: 0, target: faces.target })
  queue.start()
  await queue.idle()
  expect(seen).toEqual([['ada'], ['ada']])

  const onGroup = { ...faces, target: group, targetFace: 1 }
  await expect(swapFaces.submit({ ...onGroup, engine: 'rented' }, ben, origin)).rejects.toThrow(
    'rented counts faces by itself and could take another person’s; please crop the target picture',
  )
  expect((await swapFaces.submit(onGroup, ben, origin)).request).toMatchObject({ targetFace: 1 })
})

test('of a face that nobody allowed nothing is cut out and kept for such a machine', async () => {
  const { inputs, ...studio } = await useStudio({ machines: [machine('lab', engine('reactor'))] })
  const kit = createFakeKit()
  const id = (await inputs.keep(await facePicture('mei', 'ada'))).id
  const faces = { source: id, target: id, sourceFace: 0, targetFace: 0 }
  const refuse = () => Promise.reject(new UserError('not-allowed', 'Nobody allowed this.'))
  const kept: string[] = []
  const counting = {
    ...inputs,
    keep: (...given: Parameters<typeof inputs.keep>) => (kept.push('one'), inputs.keep(...given)),
  }
  const refusing = createSwapFaces({ ...studio, inputs: counting, kit, consent: { check: refuse } })
  await expect(refusing.submit(faces, ben, origin)).rejects.toThrow('Nobody allowed this.')
  expect(kept).toEqual([])
})

test('a paused class swaps nothing', async () => {
  const { swapFaces, faces, settings } = await swapRoom(machine('faces', engine('landmarks')))
  await settings.update(origin.guildId, { isPaused: true })
  await expect(swapFaces.submit(faces, ben, origin)).rejects.toThrow('paused the class')
})

/** What "How was this made?" says of a swap that some engine has made. */
async function explained(model: string, png?: Uint8Array) {
  const dataDir = await temporaryFolder()
  const studio = await openStudio(dataDir)
  onTestFinished(() => studio.close())
  const { faces } = createFakeKit()
  const { gallery, inputs } = studio
  const [source, target] = await Promise.all([
    inputs.keep(await facePicture('grace', 'ada')),
    inputs.keep(await facePicture('nobody', 'grace')),
  ])
  const recipe: SwapRequest = {
    kind: 'swap',
    model,
    source: source.id,
    target: target.id,
    sourceFace: 1,
    targetFace: 0,
    consents: [],
  }
  const made = png ?? (await facePicture('nobody', 'ada'))
  const image = { recipe, png: made, width: 128, height: 128, notes: [] }
  const picture = await gallery.keep({ id: 'j1', asker: mei, origin, parents: [] }, 0, image)
  const backends = createBackends([createMemoryBackend(), createFaceBackend(faces)])
  const log = pino({ level: 'silent' })
  const explain = createExplain({ dataDir, gallery, inputs, backends, faces, log })
  return explain.of(picture, new AbortController().signal)
}

test('a swap of the bot is made again, stage by stage, and compared with the marked picture', async () => {
  const { text, images, matches } = await explained('landmarks')
  expect(matches).toBe(true)
  expect(text.join('\n')).toContain('**2. Stage blend.**')
  expect(images.map(({ alt }) => alt)).toEqual(['The stage boxes.', 'The stage blend.'])
  const other = await explained('landmarks', await facePicture('nobody', 'mei'))
  expect(other.matches).toBe(false)
  expect(other.text.join('\n')).toContain('some pixels came out different')
})

test('of another engine only what goes in is shown, and that the rest is not seen', async () => {
  const { text, images, matches } = await explained('reactor')
  expect(matches).toBeUndefined()
  expect(text[0]).toContain('Not seen from outside')
  expect(images).toHaveLength(4)
  expect(images.map(({ alt }) => alt).join('\n')).toMatch(
    /The source picture\. A picture with 2.*The source picture with a dot on each of 2 points of face 2.*The target picture with a dot/su,
  )
})

test('what was begun is taken up once, by the same person, within a day', async () => {
  const { database } = await useStudio()
  let now = Date.now()
  const drafts = createDrafts(database, () => now)
  const schema = z.object({ face: z.number() })
  const id = drafts.put(ben.id, { face: 2 })
  expect(() => drafts.take(id, mei.id, schema)).toThrow('please begin again')
  expect(drafts.read(id, ben.id, schema)).toEqual({ face: 2 })
  expect(() => drafts.read(id, mei.id, schema)).toThrow('please begin again')
  expect(drafts.take(id, ben.id, schema)).toEqual({ face: 2 })
  expect(() => drafts.take(id, ben.id, schema)).toThrow('used already')
  const old = drafts.put(ben.id, { face: 1 })
  now += 25 * 60 * 60_000
  expect(() => drafts.read(old, ben.id, schema)).toThrow('more than a day back')
  drafts.put(ben.id, { face: 3 })
  expect(() => drafts.take(old, ben.id, schema)).toThrow('more than a day back')
})
