/** What instructors set for their class server. The only importer of Keyv. */
import { KeyvSqlite } from '@keyv/sqlite'
import { Keyv } from 'keyv'
import { z } from 'zod'

const guildSettingsSchema = z.object({
  galleryChannelId: z.string().optional(),
  lessonChannelId: z.string().optional(),
  instructorRoleId: z.string().optional(),
  /** Words and phrases refused besides those of data/safety/words.txt. */
  blockedWords: z.array(z.string()).default([]),
  /** Words of that list which this class may use. */
  allowedWords: z.array(z.string()).default([]),
  /** What draws when nobody names a model; absent: the first free one. */
  model: z.string().optional(),
  /** Faces of people who agreed may be swapped; else only practice faces. */
  realFaces: z.boolean().optional(),
  /** No new jobs are accepted. */
  isPaused: z.boolean().optional(),
  /** US dollars a day, for the class together and for each person; absent: see budget.ts. */
  budgetClassUsd: z.number().min(0).optional(),
  budgetPersonUsd: z.number().min(0).optional(),
  /** Pictures a day, for each person and for the class together; absent: as many as you like. */
  picturesPerson: z.int().min(1).optional(),
  picturesClass: z.int().min(1).optional(),
  /** Jobs of instructors go before all others. */
  instructorsFirst: z.boolean().optional(),
  /** Of the command list registered last, so that it is sent only when it changed. */
  commandsHash: z.string().optional(),
})
export type GuildSettings = z.infer<typeof guildSettingsSchema>

type Patch = { [K in keyof GuildSettings]?: GuildSettings[K] | undefined }

export type Settings = {
  /** The settings of one server; defaults when nothing was set. */
  guild(guildId: string): Promise<GuildSettings>
  /**
   * Changes the given fields (undefined takes one away) and answers with the result. A function is given what is stored when
   * its turn comes. @throws Error when nothing was stored
   */
  update(guildId: string, patch: Patch | ((before: GuildSettings) => Patch)): Promise<GuildSettings>
  close(): Promise<void>
}

/** Opens the settings in an SQLite file. */
export function createSettings(file: string): Settings {
  const store = new KeyvSqlite({
    uri: `sqlite://${file}`,
    driver: 'node:sqlite',
    wal: file !== ':memory:',
    busyTimeout: 5000,
  })
  const keyv = new Keyv({ store, namespace: 'guild' })
  let lastFailure: unknown
  keyv.on('error', (error: unknown) => (lastFailure = error))
  let lastUpdate: Promise<unknown> = Promise.resolve()
  /** Every command asks several times, and nobody else writes to this file (`folderLock.ts`). */
  const known = new Map<string, GuildSettings>()

  async function guild(guildId: string): Promise<GuildSettings> {
    if (!known.has(guildId)) {
      const stored = guildSettingsSchema.parse((await keyv.get(guildId)) ?? {})
      // Something newer may have been stored meanwhile.
      if (!known.has(guildId)) known.set(guildId, stored)
    }
    return known.get(guildId) as GuildSettings
  }

  async function change(
    guildId: string,
    patch: Patch | ((before: GuildSettings) => Patch),
  ): Promise<GuildSettings> {
    const before = await guild(guildId)
    const all = { ...before, ...(typeof patch === 'function' ? patch(before) : patch) }
    const given = Object.entries(all).filter(([, value]) => value !== undefined)
    const next = guildSettingsSchema.parse(Object.fromEntries(given))
    // Keyv tells of a failed write by `false` as soon as anything listens to its errors.
    if (!(await keyv.set(guildId, next))) {
      throw new Error(`the settings of server ${guildId} were not stored`, { cause: lastFailure })
    }
    known.set(guildId, next)
    return next
  }

  return {
    guild,
    update(guildId, patch) {
      // One after the other: two instructors who press "save" at once must not undo each other.
      const result = lastUpdate.then(() => change(guildId, patch))
      lastUpdate = result.catch(() => undefined)
      return result
    },
    async close() {
      await lastUpdate
      await keyv.disconnect()
    },
  }
}
