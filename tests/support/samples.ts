/** Made-up jobs, pictures and models for tests of pure functions. */
import type { Job, ModelInfo, Picture, Recipe } from '../../src/domain.ts'

export const sampleRecipe = (changes: Partial<Recipe> = {}): Recipe => ({
  model: 'emoji',
  prompt: 'a red heart',
  negativePrompt: '',
  seed: 7,
  steps: 20,
  cfgScale: 5,
  sampler: 'Euler a',
  scheduler: 'karras',
  width: 64,
  height: 64,
  ...changes,
})

export const samplePicture = (changes: Partial<Picture> = {}): Picture => ({
  id: 'abc123abc123',
  jobId: 'job123job123',
  index: 0,
  recipe: sampleRecipe(),
  author: { id: '2001', name: 'Ben' },
  guildId: '1000',
  parents: [],
  width: 512,
  height: 512,
  notes: [],
  createdAt: 1_790_000_000_000,
  ...changes,
})

export const sampleJob = (changes: Partial<Job> = {}): Job => ({
  id: 'job123job123',
  state: 'waiting',
  request: { ...sampleRecipe(), count: 1 },
  asker: { id: '2001', name: 'Ben' },
  origin: {
    guildId: '1000',
    channelId: '1001',
    applicationId: '3000',
    interactionId: '4000',
    interactionToken: 'a-token',
    attachmentSizeLimit: 10 * 1024 * 1024,
  },
  parents: [],
  failure: undefined,
  reservedUsd: undefined,
  costUsd: undefined,
  createdAt: 1_790_000_000_000,
  startedAt: undefined,
  finishedAt: undefined,
  deliveredAt: undefined,
  messageChannelId: undefined,
  messageId: undefined,
  archivedAt: undefined,
  galleryChannelId: undefined,
  galleryMessageId: undefined,
  ...changes,
})

export const sampleModel = (changes: Partial<ModelInfo> = {}): ModelInfo => ({
  id: 'emoji',
  backend: 'embedded',
  title: 'Emoji',
  description: 'A tiny model that draws emoji.',
  steps: { min: 1, max: 50, default: 20 },
  cfgScale: { min: 1, max: 15, default: 5 },
  samplers: [
    { id: 'Euler', help: 'straight steps' },
    { id: 'Euler a', help: 'adds fresh noise at every step' },
  ],
  schedulers: [{ id: 'karras', help: 'many small steps at the end' }],
  sizes: [
    { id: '64x64', width: 64, height: 64 },
    { id: '96x64', width: 96, height: 64 },
  ],
  maxCount: 4,
  maxPromptLength: 300,
  supports: { negativePrompt: true, variation: true, replay: true, img2img: false, mask: false },
  ...changes,
})

const notUsed = () => {
  throw new Error('not used')
}
/** For tests without lessons. */
export const noLessonRuns = { plan: notUsed, explain: notUsed, note: notUsed }
