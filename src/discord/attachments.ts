/** Fetches a file that a person has attached: only from where Discord keeps such files, and never more than is taken. */
import type { Config } from '../config.ts'
import { UserError } from '../errors.ts'
import { mustBeSmall } from '../services/inputs.ts'

/** What a command or a message says of an attached file. */
export type AttachedFile = { name: string; url: string; size: number }

const TIMEOUT_MS = 20_000

/**
 * The bytes of an attached file. Nothing about them is known yet.
 * @throws UserError when it lies elsewhere, is too large or does not come
 */
export async function downloadAttachment(
  { url, size }: AttachedFile,
  config: Pick<Config, 'discordFileHosts' | 'discordApiUrl'>,
): Promise<Buffer> {
  mustBeSmall(size)
  if (!isAllowed(url, config)) {
    throw new UserError(
      'not-allowed',
      'This file lies on a server from which Darkroom takes no pictures; please attach the picture itself.',
    )
  }
  try {
    // Whoever could redirect us could make us look anywhere.
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (!response.ok) throw new Error(`Discord answered ${response.status}`)
    return await readLimited(response)
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError('not-found', 'The attached file could not be fetched; please attach it once more.')
  }
}

function isAllowed(
  address: string,
  { discordFileHosts, discordApiUrl }: Parameters<typeof downloadAttachment>[1],
) {
  if (!URL.canParse(address)) return false
  const url = new URL(address)
  const api = new URL(discordApiUrl)
  // The offline classroom keeps files where its API is.
  const isClassroom = url.origin === api.origin && api.hostname !== 'discord.com'
  return isClassroom || (url.protocol === 'https:' && discordFileHosts.includes(url.host))
}

async function readLimited(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    mustBeSmall(size)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
