/** The services: use cases and state, built once and passed as one object. */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { createAnnounced, type Announced } from './announced.ts'
import { loadBackends, type Backends } from './backends.ts'
import { createBudget, type Budget } from './budget.ts'
import { createConsentBook } from './consent/book.ts'
import { createConsent, type Consent } from './consent/index.ts'
import { createMayDraw } from './consent/mayDraw.ts'
import { createWithdrawals, type Withdrawals } from './consent/withdrawals.ts'
import { openDatabase } from './database.ts'
import { createDoctor, type Doctor } from './doctor.ts'
import { createDrafts, type Drafts } from './drafts.ts'
import { createExplain, type Explain } from './explain/index.ts'
import { createFaceKit, type FaceKit } from './faceKit.ts'
import { createExperiments, type Experiments } from './experiments.ts'
import { createLessonRuns } from './experiments/lessonRuns.ts'
import { lockFolder } from './folderLock.ts'
import { createGallery, type Gallery } from './gallery.ts'
import { createInputs, type Inputs } from './inputs.ts'
import { createInputUse, type InputUse } from './inputUse.ts'
import { createImagine, type Imagine } from './imagine.ts'
import { createLessons, type Lessons } from './lessons/index.ts'
import { createInspect, type Inspect } from './inspect/index.ts'
import { createLineage, type Lineage } from './lineage.ts'
import { createPictureCount, type PictureCount } from './pictureLimits.ts'
import { createQueue, type JobQueue } from './queue.ts'
import { createSafety, type Safety } from './safety.ts'
import { createSends, type Sends } from './sends.ts'
import { createSettings, type Settings } from './settings.ts'
import { createStats, type Stats } from './stats.ts'
import { createSwapFaces, type SwapFaces } from './swapFaces.ts'

export type Services = {
  config: Config
  log: Log
  announced: Announced
  backends: Backends
  queue: JobQueue
  sends: Sends
  gallery: Gallery
  inputs: Inputs
  inputUse: InputUse
  settings: Settings
  safety: Safety
  budget: Budget
  pictureCount: PictureCount
  stats: Stats
  doctor: Doctor
  imagine: Imagine
  explain: Explain
  kit: FaceKit
  consent: Consent
  withdrawals: Withdrawals
  swapFaces: SwapFaces
  drafts: Drafts
  lessons: Lessons
  inspect: Inspect
  lineage: Lineage
  experiments: Experiments
  /** Stops drawing, closes the stores and gives the data folder free. Jobs in work are drawn after the next start. */
  close(): Promise<void>
}

/**
 * Opens the stores in `config.dataDir`, loads the backends and wires the services. Nothing is drawn before `queue.start()`.
 * @param load what draws; tests bring machines of their own
 * @param kit what finds and swaps faces
 * @throws ConfigError when another process uses the data folder, or the settings of a backend are wrong
 */
export async function createServices(
  config: Config,
  log: Log,
  load: typeof loadBackends = loadBackends,
  kit: FaceKit = createFaceKit(),
): Promise<Services> {
  // A bot runs for weeks. No picture is opened twice, and threads of libvips leave memory in pieces that are never given back:
  // over 240 pictures this process grew by 164 MB with sharp's defaults and by 58 MB with these.
  sharp.cache(false)
  sharp.concurrency(1)
  await mkdir(config.dataDir, { recursive: true })
  const unlock = lockFolder(config.dataDir)
  try {
    return await openServices(config, log, load, kit, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

/** What was brought but never drawn from does not stay for longer than this and the hour of grace. */
const SWEEP_MS = 60 * 60_000

async function openServices(
  config: Config,
  log: Log,
  load: typeof loadBackends,
  kit: FaceKit,
  unlock: () => void,
): Promise<Services> {
  const database = openDatabase(path.join(config.dataDir, 'darkroom.db'))
  const settings = createSettings(path.join(config.dataDir, 'settings.db'))
  const backends = await load(config, log, kit)
  const gallery = await createGallery({ database, dataDir: config.dataDir })
  const inputs = await createInputs(config.dataDir)
  const inputUse = createInputUse({ database, inputs })
  await inputUse.sweep()
  const sweeping = setInterval(
    () => void inputUse.sweep().catch(() => log.warn('kept inputs could not be swept')),
    SWEEP_MS,
  )
  sweeping.unref()
  const safety = await createSafety({ settings })
  const budget = createBudget({ database })
  const book = createConsentBook(database, Date.now)
  const consent = createConsent({ book, kit, settings, inputs, gallery, inputUse })
  const queue = createQueue({
    database,
    backends,
    gallery,
    inputs,
    budget,
    mayDraw: createMayDraw({ book, consent, gallery }),
    config,
    log: log.child({ part: 'queue' }),
  })
  const stats = createStats(database)
  const imagine = createImagine({ backends, safety, settings, queue })
  const lessons = await createLessons({
    database,
    folder: path.join(import.meta.dirname, '../../data/lessons'),
    imagine,
  })
  const lessonRuns = createLessonRuns({ database, lessons, inputs, imagine })
  const experiments = createExperiments({ imagine, gallery, inputs, lessonRuns })
  const explain = createExplain({
    dataDir: config.dataDir,
    gallery,
    inputs,
    backends,
    faces: kit.faces,
    log: log.child({ part: 'explain' }),
  })
  const withdrawals = createWithdrawals({ database, book, gallery, inputUse, queue })
  await withdrawals.resume()
  return {
    config,
    log,
    announced: createAnnounced(database),
    backends,
    queue,
    sends: createSends(database),
    gallery,
    inputs,
    inputUse,
    settings,
    safety,
    budget,
    pictureCount: createPictureCount(database),
    stats,
    doctor: createDoctor({ backends, queue, stats }),
    imagine,
    explain,
    kit,
    consent,
    withdrawals,
    swapFaces: createSwapFaces({ backends, consent, gallery, settings, kit, inputs, queue }),
    drafts: createDrafts(database, Date.now, (data) => inputUse.hold(data)),
    lessons,
    inspect: createInspect({ backends, gallery }),
    lineage: createLineage({ database, gallery }),
    experiments,
    async close() {
      clearInterval(sweeping)
      await queue.close()
      await explain.close()
      await backends.close()
      await kit.faces.close()
      await settings.close()
      database.close()
      unlock()
    },
  }
}
