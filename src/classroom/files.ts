/** Uploaded files: named as Discord names them, written to disk, described as attachments. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { keptAddress } from './addresses.ts'
import { contentType, imageSize } from './media.ts'
import { asObjects } from './rules/errors.ts'
import type { State } from './state.ts'
import type { Attachment, Json, Upload } from './types.ts'

const IS_SPOILER = 1 << 3

/** Discord keeps letters, digits, dot, dash and underscore; spaces become underscores. */
export function safeFilename(name: string): string {
  const safe = name
    .replaceAll(/\s+/g, '_')
    .replaceAll(/[^\p{L}\p{N}._-]/gu, '')
    .replace(/^\.+/, '')
  return safe.slice(-200) || 'unknown'
}

/** The number N of a form field `files[N]`, else the place in the list. */
const indexOf = (upload: Upload, place: number): string =>
  /^files\[(\d+)\]$/.exec(upload.field)?.[1] ?? String(place)

/**
 * Writes files and gives back their attachments, with the names and descriptions of the request's `attachments`.
 */
export async function keepFiles(
  state: State,
  channelId: string,
  uploads: Upload[],
  body: Json = {},
  isEphemeral = false,
): Promise<Attachment[]> {
  const described = asObjects(body.attachments)
  return Promise.all(
    uploads.map((upload, place) => {
      const about = described.find(({ id }) => String(id) === indexOf(upload, place)) ?? {}
      return keepFile(state, channelId, upload, about, isEphemeral)
    }),
  )
}

async function keepFile(
  state: State,
  channelId: string,
  upload: Upload,
  about: Json,
  isEphemeral: boolean,
): Promise<Attachment> {
  const given = typeof about.filename === 'string' && about.filename !== '' ? about.filename : upload.name
  const filename = safeFilename(given)
  const id = state.ids.next()
  const folder = fileFolder(state, channelId, id)
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, filename), upload.data)
  const url = keptAddress(channelId, id, filename)
  const title = typeof about.title === 'string' ? about.title : given
  return {
    id,
    filename,
    size: upload.size,
    url,
    proxy_url: url,
    content_type: contentType(filename, upload.type),
    ...imageSize(upload.data),
    ...(typeof about.description === 'string' && about.description !== ''
      ? { description: about.description }
      : {}),
    ...(title === filename ? {} : { title: title.replace(/\.[^.]*$/, '') }),
    ...(about.is_spoiler === true ? { flags: IS_SPOILER } : {}),
    ...(isEphemeral ? { ephemeral: true } : {}),
  }
}

export const fileFolder = (state: State, channelId: string, attachmentId: string): string =>
  path.join(state.store.filesDir, channelId, attachmentId)

/** For how long the files of deleted and replaced attachments can still be fetched: pages may be loading them. */
const KEEP_DROPPED_MS = 10 * 60 * 1000

type Dropped = { channelId: string; at: number }

/** Notes that no message has these attachments any more, and deletes what was dropped some minutes ago. */
export async function dropFiles(state: State, channelId: string, files: Attachment[]): Promise<void> {
  const at = state.now()
  for (const { id } of files) state.store.put('dropped', id, { channelId, at } satisfies Dropped)
  for (const [id, dropped] of state.store.all<Dropped>('dropped')) {
    if (at - dropped.at <= KEEP_DROPPED_MS) continue
    state.store.remove('dropped', id)
    await rm(fileFolder(state, dropped.channelId, id), { recursive: true, force: true })
  }
}
