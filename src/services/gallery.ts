/** Finished pictures: files with their recipe inside, rows, and words to search. */
import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { recipeSchema, type GeneratedImage, type Job, type Picture } from '../domain.ts'
import { inTransaction } from './database.ts'
import { newId } from './ids.ts'
import { infotext, originXmp } from './infotext.ts'
import { addPngText } from './pngText.ts'
import { createSeenRuns, type KeptRun } from './seenRuns.ts'

export type Gallery = {
  /**
   * Stores one picture of a job: the file (written, flushed, renamed), what was seen of its run, and then its row. Asked again for
   * the same index, e.g. after a crash, it answers with the picture that is there.
   */
  keep(
    job: Pick<Job, 'id' | 'asker' | 'origin' | 'parentPictureId'>,
    index: number,
    image: GeneratedImage,
  ): Promise<Picture>
  get(id: string): Picture | undefined
  /** In the order they were drawn. */
  ofJob(jobId: string): Picture[]
  /** The file: a PNG with its recipe as `parameters`. @throws Error when it is gone */
  png(picture: Pick<Picture, 'id'>): Promise<Buffer>
  /** What was seen of its run while it was drawn; undefined when nothing was, or nothing that can be read. */
  seen(picture: Pick<Picture, 'id'>): Promise<KeptRun | undefined>
  /** Pictures whose prompt, author or model hold all words (or their beginnings), best first; accents do not matter. */
  search(text: string, options?: { limit?: number; guildId?: string }): Picture[]
  /** Newest first. */
  newest(guildId: string, count: number): Picture[]
  /** Deletes row, file, what was seen of the run and the kept explanation; nothing happens when the picture is gone already. */
  remove(id: string): Promise<void>
}

const rowSchema = z.object({
  id: z.string(),
  job_id: z.string(),
  picture_index: z.number(),
  recipe: z.string(),
  author_id: z.string(),
  author_name: z.string(),
  guild_id: z.string(),
  parent_picture_id: z.string().nullable(),
  width: z.number(),
  height: z.number(),
  notes: z.string(),
  created_at: z.number(),
})

/** The gallery over an open database and the folder `pictures` in `dataDir`. */
export async function createGallery(options: { database: DatabaseSync; dataDir: string }): Promise<Gallery> {
  const { database, dataDir } = options
  const folder = path.join(dataDir, 'pictures')
  await mkdir(folder, { recursive: true })
  await removeUnfinishedFiles(folder)
  const seenRuns = await createSeenRuns(dataDir)

  const insert = database.prepare(`
    INSERT INTO pictures (id, job_id, picture_index, recipe, author_id, author_name, guild_id, parent_picture_id,
      width, height, notes, created_at)
    VALUES ($id, $jobId, $index, $recipe, $authorId, $authorName, $guildId, $parentPictureId,
      $width, $height, $notes, $createdAt)
    RETURNING *`)
  const insertWords = database.prepare(
    'INSERT INTO picture_words (rowid, prompt, author, model) VALUES ($seq, $prompt, $author, $model)',
  )
  const select = database.prepare('SELECT * FROM pictures WHERE id = ?')
  const selectOfJob = database.prepare('SELECT * FROM pictures WHERE job_id = ? ORDER BY picture_index')
  const selectNewest = database.prepare('SELECT * FROM pictures WHERE guild_id = ? ORDER BY seq DESC LIMIT ?')
  const selectFound = database.prepare(`
    SELECT pictures.* FROM picture_words JOIN pictures ON pictures.seq = picture_words.rowid
    WHERE picture_words MATCH $words AND ($guildId IS NULL OR guild_id = $guildId)
    ORDER BY bm25(picture_words), pictures.seq DESC LIMIT $limit`)
  const remove = database.prepare('DELETE FROM pictures WHERE id = ? RETURNING seq')
  const removeWords = database.prepare('DELETE FROM picture_words WHERE rowid = ?')

  const fileOf = (id: string) => path.join(folder, `${safeId(id)}.png`)

  return {
    async keep(job, index, image) {
      const known = selectOfJob.all(job.id).find((row) => row['picture_index'] === index)
      if (known) return pictureOfRow(known)
      const id = newId()
      const texts = { parameters: infotext(image.recipe), 'XML:com.adobe.xmp': originXmp }
      await Promise.all([
        writeDurably(fileOf(id), addPngText(image.png, texts)),
        // A finished picture is not lost for the sake of its previews; half of them is cleared away at the next start.
        image.seen && seenRuns.write(id, image.seen).catch(() => undefined),
      ])
      return inTransaction(database, () => {
        const row = insert.get({
          id,
          jobId: job.id,
          index,
          recipe: JSON.stringify(image.recipe),
          authorId: job.asker.id,
          authorName: job.asker.name,
          guildId: job.origin.guildId,
          parentPictureId: job.parentPictureId ?? null,
          width: image.width,
          height: image.height,
          notes: JSON.stringify(image.notes),
          createdAt: Date.now(),
        })
        const { prompt, model } = image.recipe
        insertWords.run({ seq: row?.['seq'] ?? null, prompt, author: job.asker.name, model })
        return pictureOfRow(row)
      })
    },
    get(id) {
      const row = select.get(id)
      return row && pictureOfRow(row)
    },
    ofJob: (jobId) => selectOfJob.all(jobId).map(pictureOfRow),
    png: ({ id }) => readFile(fileOf(id)),
    seen: ({ id }) => seenRuns.read(safeId(id)),
    search(text, { limit = 25, guildId } = {}) {
      const words = searchWords(text)
      if (words === '') return []
      return selectFound.all({ words, limit, guildId: guildId ?? null }).map(pictureOfRow)
    },
    newest: (guildId, count) => selectNewest.all(guildId, count).map(pictureOfRow),
    async remove(id) {
      // The row first: a file without a row is only litter, a row without its file would be a broken picture.
      inTransaction(database, () => {
        const row = remove.get(id)
        if (row) removeWords.run(row['seq'] ?? null)
      })
      await rm(fileOf(id), { force: true })
      await seenRuns.remove(safeId(id))
      await rm(path.join(dataDir, 'explanations', safeId(id)), { recursive: true, force: true })
    },
  }
}

function pictureOfRow(row: unknown): Picture {
  const fields = rowSchema.parse(row)
  return {
    id: fields.id,
    jobId: fields.job_id,
    index: fields.picture_index,
    recipe: recipeSchema.parse(JSON.parse(fields.recipe)),
    author: { id: fields.author_id, name: fields.author_name },
    guildId: fields.guild_id,
    parentPictureId: fields.parent_picture_id ?? undefined,
    width: fields.width,
    height: fields.height,
    notes: z.array(z.string()).parse(JSON.parse(fields.notes)),
    createdAt: fields.created_at,
  }
}

/** Ids become parts of file names, and custom ids of buttons come from outside. */
function safeId(id: string): string {
  if (!/^[0-9a-z]{1,32}$/.test(id)) throw new Error('not the id of a picture')
  return id
}

/** Every word as a beginning, all of them wanted; quoted, so that nothing in it is FTS5 syntax. */
function searchWords(text: string): string {
  return (text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).map((word) => `"${word}"*`).join(' ')
}

/** The file is there whole or not at all, also after a power cut. */
async function writeDurably(file: string, data: Uint8Array): Promise<void> {
  const unfinished = `${file}.part`
  const handle = await open(unfinished, 'w')
  try {
    await handle.writeFile(data)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(unfinished, file)
}

async function removeUnfinishedFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith('.part')) await rm(path.join(folder, name), { force: true })
  }
}
