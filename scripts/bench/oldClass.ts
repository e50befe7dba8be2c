/** A class that is months old, written straight into the bot's data folder: rows without any drawing. */
import { linkSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import type { ImageRequest, Recipe } from '../../src/domain.ts'
import { inTransaction, openDatabase } from '../../src/services/database.ts'
import { newId } from '../../src/services/ids.ts'
import type { Place } from './stage.ts'

/** `archived`: jobs that were delivered and hung in the gallery, each with a picture. `waiting`: for `model`, tokens long dead. */
export type OldClass = { archived: number; waiting: number; model: string }

const HOUR = 3_600_000
/** Pictures share files: few enough names for one file on any file system. */
const NAMES_PER_FILE = 10_000
const COLOURS = ['red', 'green', 'blue', 'yellow', 'purple', 'orange', 'black', 'white']
const THINGS = [
  'heart',
  'lighthouse',
  'fox',
  'teapot',
  'mountain',
  'bicycle',
  'robot',
  'violin',
  'owl',
  'bridge',
]
const MANNERS = ['at night', 'in the rain', 'in watercolour', 'made of glass', 'from above', 'under water']

/** Words that are in a part of all prompts. */
export const someWords = `${COLOURS[0]} ${THINGS[1]}`

export async function fillOldClass(
  { archived, waiting, model }: OldClass,
  { guildId, channelId, students }: Place,
  dataDir: string,
): Promise<void> {
  const pictures = path.join(dataDir, 'pictures')
  await mkdir(pictures, { recursive: true })
  const database = openDatabase(path.join(dataDir, 'darkroom.db'))
  const insertJob = database.prepare(`
    INSERT INTO jobs (id, state, model, request, asker_id, asker_name, guild_id, channel_id, application_id, interaction_id,
      interaction_token, attachment_size_limit, created_at, started_at, finished_at, delivered_at, archived_at,
      message_channel_id, message_id, size, expected_seconds)
    VALUES ($id, $state, $model, $request, $askerId, $askerName, $guildId, $channelId, '1', '1', '', 10000000,
      $createdAt, $endedAt, $endedAt, $endedAt, $endedAt, $messageChannelId, $messageId, '512x512', 20)`)
  const insertPicture = database.prepare(`
    INSERT INTO pictures (id, job_id, picture_index, recipe, author_id, author_name, guild_id, width, height, notes, created_at)
    VALUES ($id, $jobId, 0, $recipe, $askerId, $askerName, $guildId, 512, 512, '[]', $createdAt) RETURNING seq`)
  const insertWords = database.prepare(
    'INSERT INTO picture_words (rowid, prompt, author, model) VALUES (?, ?, ?, ?)',
  )
  const now = Date.now()

  function addJob(number: number, isDone: boolean): { jobId: string; common: ReturnType<typeof commonOf> } {
    const jobId = newId()
    const common = commonOf(number)
    const endedAt = isDone ? common.createdAt + 20_000 : null
    const message = isDone ? { messageChannelId: channelId, messageId: '1' } : noMessage
    const request: ImageRequest = { ...recipeOf(number, model), count: 1 }
    const state = isDone ? 'done' : 'waiting'
    insertJob.run({
      ...common,
      ...message,
      id: jobId,
      state,
      model,
      request: JSON.stringify(request),
      channelId,
      endedAt,
    })
    return { jobId, common }
  }

  function commonOf(number: number) {
    const { id: askerId, name: askerName } = students[number % students.length]!.me
    // A picture every minute; what waits was asked for hours ago.
    return { askerId, askerName, guildId, createdAt: now - 2 * HOUR - (archived - number) * 60_000 }
  }

  let file = ''
  const colour = (number: number) => ({ r: number % 256, g: 60, b: 120 })
  try {
    for (let begin = 0; begin < archived; begin += NAMES_PER_FILE) {
      file = path.join(dataDir, `shared-${begin}.png`)
      await writeFile(file, await square(colour(begin / NAMES_PER_FILE)))
      inTransaction(database, () => {
        for (let number = begin; number < Math.min(archived, begin + NAMES_PER_FILE); number++) {
          const { jobId, common } = addJob(number, true)
          const recipe = recipeOf(number, model)
          const id = newId()
          const row = insertPicture.get({ ...common, id, jobId, recipe: JSON.stringify(recipe) })
          insertWords.run(row?.['seq'] ?? null, recipe.prompt, common.askerName, model)
          linkSync(file, path.join(pictures, `${id}.png`))
        }
      })
    }
    inTransaction(database, () => {
      for (let number = 0; number < waiting; number++) addJob(archived + number, false)
    })
  } finally {
    database.close()
  }
}

const noMessage = { messageChannelId: null, messageId: null }

const recipeOf = (number: number, model: string): Recipe => ({
  model,
  prompt: `a ${of(COLOURS, number)} ${of(THINGS, number >> 3)} ${of(MANNERS, number >> 5)}, ${number}`,
  negativePrompt: '',
  seed: number,
  steps: 20,
  cfgScale: 7,
  sampler: 'Euler a',
  scheduler: 'Automatic',
  width: 512,
  height: 512,
})

const of = (list: readonly string[], index: number): string => list[index % list.length] ?? ''

const square = (background: { r: number; g: number; b: number }): Promise<Buffer> =>
  sharp({ create: { width: 512, height: 512, channels: 3, background } })
    .png()
    .toBuffer()
