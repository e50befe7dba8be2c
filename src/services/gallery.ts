/** Finished pictures: files with their recipe inside, rows, and words to search. */
import { mkdir, readFile, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import {
  isSwap,
  parentSchema,
  pictureRecipeSchema,
  type GeneratedImage,
  type Job,
  type Parent,
  type Picture,
  type PictureRecipe,
} from '../domain.ts'
import { inTransaction } from './database.ts'
import { markSwap } from './faces/index.ts'
import { newId } from './ids.ts'
import { textsFor } from './infotext.ts'
import { addPngText } from './pngText.ts'
import { createSeenRuns, type KeptRun } from './seenRuns.ts'
import { writeDurably } from './writeDurably.ts'

export type Gallery = {
  /**
   * Stores one picture of a job: the file (written, flushed, renamed), what was seen of its run, and then its row. Asked again for
   * the same index, e.g. after a crash, it answers with the picture that is there.
   */
  keep(
    job: Pick<Job, 'id' | 'asker' | 'origin' | 'parents'>,
    index: number,
    image: GeneratedImage<PictureRecipe>,
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
  /** A person's own in one class, newest first. */
  newestBy(authorId: string, guildId: string, count: number): Picture[]
  /** The first picture of the newest message with pictures in a channel. */
  lastIn(channelId: string): Picture | undefined
  /** The pictures that were made from this one, oldest first; also when it was deleted. */
  children(id: string): Picture[]
  /** Whether it is a face swap or was made from one, over any number of steps: it bears the mark. */
  hasSwap(picture: Pick<Picture, 'recipe' | 'parents'>): boolean
  /** The consents that these pictures and their ancestors rely on, also when those were deleted. */
  consentsOf(parents: readonly Pick<Parent, 'pictureId'>[]): string[]
  /** A message beside those of its job shows the picture, e.g. an explanation that was shown to everyone. */
  noteShown(picture: Pick<Picture, 'id'>, place: { channelId: string; messageId: string }): void
  shownIn(id: string): { channelId: string; messageId: string }[]
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
  const seenRuns = await createSeenRuns(dataDir)

  const insert = database.prepare(`
    INSERT INTO pictures (id, job_id, picture_index, recipe, author_id, author_name, guild_id,
      width, height, notes, created_at)
    VALUES ($id, $jobId, $index, $recipe, $authorId, $authorName, $guildId,
      $width, $height, $notes, $createdAt)
    RETURNING *`)
  const insertWords = database.prepare(
    'INSERT INTO picture_words (rowid, prompt, author, model) VALUES ($seq, $prompt, $author, $model)',
  )
  const select = database.prepare('SELECT * FROM pictures WHERE id = ?')
  const selectOfJob = database.prepare('SELECT * FROM pictures WHERE job_id = ? ORDER BY picture_index')
  const selectNewest = database.prepare('SELECT * FROM pictures WHERE guild_id = ? ORDER BY seq DESC LIMIT ?')
  const selectNewestBy = database.prepare(
    'SELECT * FROM pictures WHERE author_id = ? AND guild_id = ? ORDER BY seq DESC LIMIT ?',
  )
  const selectFound = database.prepare(`
    SELECT pictures.* FROM picture_words JOIN pictures ON pictures.seq = picture_words.rowid
    WHERE picture_words MATCH $words AND ($guildId IS NULL OR guild_id = $guildId)
    ORDER BY bm25(picture_words), pictures.seq DESC LIMIT $limit`)
  const insertParent = database.prepare('INSERT INTO parents VALUES ($childId, $pictureId, $relation)')
  const selectParents = database.prepare(
    'SELECT parent_id AS pictureId, relation FROM parents WHERE child_id = ?',
  )
  const selectChildren = database.prepare(`
    SELECT DISTINCT pictures.* FROM parents JOIN pictures ON pictures.id = child_id
    WHERE parent_id = ? ORDER BY pictures.seq`)
  const selectLastIn = database.prepare(`
    SELECT pictures.* FROM jobs JOIN pictures ON pictures.job_id = jobs.id
    WHERE message_channel_id = ? AND jobs.state = 'done' ORDER BY jobs.seq DESC, picture_index LIMIT 1`)
  const insertSwap = database.prepare('INSERT INTO swaps VALUES ($id, $consents)')
  const selectSwaps = database.prepare(`
    WITH RECURSIVE family (id) AS (
      SELECT value FROM json_each(?) UNION SELECT parent_id FROM family JOIN parents ON child_id = family.id
    ) SELECT consents FROM family JOIN swaps ON picture_id = family.id`)
  const insertShown = database.prepare('INSERT OR IGNORE INTO shown VALUES ($id, $channelId, $messageId)')
  const selectShown = database.prepare(
    'SELECT channel_id AS channelId, message_id AS messageId FROM shown WHERE picture_id = ?',
  )
  const removeShown = database.prepare('DELETE FROM shown WHERE picture_id = ?')
  const remove = database.prepare('DELETE FROM pictures WHERE id = ? RETURNING seq')
  const removeWords = database.prepare('DELETE FROM picture_words WHERE rowid = ?')

  const parentsOf = (id: string): Parent[] => selectParents.all(id).map((row) => parentSchema.parse(row))
  const toPicture = (row: unknown): Picture => pictureOfRow(row, parentsOf)
  const fileOf = (id: string) => path.join(folder, `${safeId(id)}.png`)
  await removeLoneFiles()

  /** A process that died before the row leaves (a part of) a file that nobody can find; the picture was drawn again. */
  async function removeLoneFiles(): Promise<void> {
    for (const name of await readdir(folder)) {
      const id = path.basename(name, '.png')
      if (!select.get(id)) await rm(path.join(folder, name), { recursive: true, force: true })
    }
    for (const name of await readdir(path.join(dataDir, 'seen'))) {
      if (!select.get(name)) await seenRuns.remove(name)
    }
  }
  /** The swaps among pictures and their ancestors: each with the consents that it relies on. */
  const swapsAmong = (parents: readonly Pick<Parent, 'pictureId'>[]): string[][] =>
    selectSwaps
      .all(JSON.stringify(parents.map(({ pictureId }) => pictureId)))
      .map((row) => z.array(z.string()).parse(JSON.parse(String(row['consents']))))
  const hasSwap = ({ recipe, parents }: Pick<Picture, 'recipe' | 'parents'>): boolean =>
    isSwap(recipe) || swapsAmong(parents).length > 0

  return {
    async keep(job, index, image) {
      const known = selectOfJob.all(job.id).find((row) => row['picture_index'] === index)
      if (known) return toPicture(known)
      const id = newId()
      const isMarked = hasSwap({ recipe: image.recipe, parents: job.parents })
      const png = isMarked ? await markSwap(image.png) : image.png
      const texts = textsFor(image.recipe, { isComposite: isMarked })
      await Promise.all([
        writeDurably(fileOf(id), addPngText(png, texts)),
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
          width: image.width,
          height: image.height,
          notes: JSON.stringify(image.notes),
          createdAt: Date.now(),
        })
        const prompt = isSwap(image.recipe) ? 'face swap' : image.recipe.prompt
        insertWords.run({
          seq: row?.['seq'] ?? null,
          prompt,
          author: job.asker.name,
          model: image.recipe.model,
        })
        if (isSwap(image.recipe)) insertSwap.run({ id, consents: JSON.stringify(image.recipe.consents) })
        for (const parent of job.parents) insertParent.run({ childId: id, ...parent })
        return toPicture(row)
      })
    },
    get(id) {
      const row = select.get(id)
      return row && toPicture(row)
    },
    ofJob: (jobId) => selectOfJob.all(jobId).map(toPicture),
    png: ({ id }) => readFile(fileOf(id)),
    seen: ({ id }) => seenRuns.read(safeId(id)),
    search(text, { limit = 25, guildId } = {}) {
      const words = searchWords(text)
      if (words === '') return []
      return selectFound.all({ words, limit, guildId: guildId ?? null }).map(toPicture)
    },
    newest: (guildId, count) => selectNewest.all(guildId, count).map(toPicture),
    newestBy: (authorId, guildId, count) => selectNewestBy.all(authorId, guildId, count).map(toPicture),
    lastIn(channelId) {
      const row = selectLastIn.get(channelId)
      return row && toPicture(row)
    },
    children: (id) => selectChildren.all(id).map(toPicture),
    hasSwap,
    consentsOf: (parents) => [...new Set(swapsAmong(parents).flat())],
    noteShown: ({ id }, place) => void insertShown.run({ id, ...place }),
    shownIn: (id) =>
      z.array(z.object({ channelId: z.string(), messageId: z.string() })).parse(selectShown.all(id)),
    async remove(id) {
      // The row first: a file without a row is only litter, a row without its file would be a broken picture.
      inTransaction(database, () => {
        const row = remove.get(id)
        if (row) removeWords.run(row['seq'] ?? null)
        removeShown.run(id)
      })
      await rm(fileOf(id), { force: true })
      await seenRuns.remove(safeId(id))
      await rm(path.join(dataDir, 'explanations', safeId(id)), { recursive: true, force: true })
    },
  }
}

function pictureOfRow(row: unknown, parentsOf: (id: string) => Parent[]): Picture {
  const fields = rowSchema.parse(row)
  return {
    id: fields.id,
    jobId: fields.job_id,
    index: fields.picture_index,
    recipe: pictureRecipeSchema.parse(JSON.parse(fields.recipe)),
    author: { id: fields.author_id, name: fields.author_name },
    guildId: fields.guild_id,
    parents: parentsOf(fields.id),
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
