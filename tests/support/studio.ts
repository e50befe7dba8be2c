/** The services around the queue, over a folder of their own and a backend in memory; it can be closed and opened again. */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { CommandOrigin, ImageBackend, ImageRequest, Person } from '../../src/domain.ts'
import { createLog } from '../../src/log.ts'
import { createBackends } from '../../src/services/backends.ts'
import { createBudget } from '../../src/services/budget.ts'
import { openDatabase } from '../../src/services/database.ts'
import { createGallery } from '../../src/services/gallery.ts'
import { createInputs } from '../../src/services/inputs.ts'
import { createImagine } from '../../src/services/imagine.ts'
import { createQueue, type QueueOptions } from '../../src/services/queue.ts'
import { createSafety } from '../../src/services/safety.ts'
import { createSettings } from '../../src/services/settings.ts'
import { createMemoryBackend, type MemoryBackend } from './memoryBackend.ts'

export const ben: Person = { id: '201', name: 'Ben' }
export const mei: Person = { id: '202', name: 'Mei' }
export const noor: Person = { id: '203', name: 'Noor' }

export const origin: CommandOrigin = {
  guildId: '100',
  channelId: '110',
  applicationId: '120',
  interactionId: '130',
  interactionToken: 'a-token-that-nobody-reads',
  attachmentSizeLimit: 10_000_000,
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'darkroom-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

type StudioOptions<B extends ImageBackend> = Partial<
  Pick<QueueOptions, 'retryPauseMs' | 'now' | 'mayDraw'>
> & {
  backend?: B
  /** Instead of `backend`. */
  machines?: readonly ImageBackend[]
  maxWaitingPerPerson?: number
}

/** Opens everything in a folder; the queue is not started. */
export async function openStudio<B extends ImageBackend = MemoryBackend>(
  dataDir: string,
  options: StudioOptions<B> = {},
) {
  const {
    backend = createMemoryBackend() as ImageBackend as B,
    machines,
    maxWaitingPerPerson = 10,
    ...queueOptions
  } = options
  const database = openDatabase(path.join(dataDir, 'darkroom.db'))
  const budget = createBudget({ database, ...(options.now ? { now: options.now } : {}) })
  const settings = createSettings(path.join(dataDir, 'settings.db'))
  const gallery = await createGallery({ database, dataDir })
  const inputs = await createInputs(dataDir)
  const safety = await createSafety({ settings })
  const backends = createBackends(machines ?? [backend])
  const queue = createQueue({
    database,
    backends,
    gallery,
    inputs,
    budget,
    config: { maxWaitingPerPerson, jobTimeoutSeconds: 60 },
    log: createLog({ logLevel: 'silent' }),
    retryPauseMs: 1,
    ...queueOptions,
  })
  const imagine = createImagine({ backends, safety, settings, queue })

  return {
    backend,
    backends,
    budget,
    database,
    gallery,
    inputs,
    imagine,
    queue,
    safety,
    settings,
    /** Types /imagine with this prompt as a person; without a model, the first one draws, also where it costs money. */
    ask: async (person: Person, prompt: string, extra: Partial<ImageRequest> = {}) => {
      const model = extra.model ?? backends.models()[0]?.id
      const request = await imagine.parse({ prompt, seed: 7, model }, origin.guildId)
      return imagine.submit({ ...request, ...extra }, person, origin)
    },
    async close() {
      await queue.close()
      await settings.close()
      database.close()
    },
  }
}

/** As openStudio, in a folder of its own, and closed after the test. */
export async function useStudio<B extends ImageBackend = MemoryBackend>(options: StudioOptions<B> = {}) {
  const studio = await openStudio(await temporaryFolder(), options)
  onTestFinished(() => studio.close())
  return studio
}
