/** One accepted command, and who gave it. */
import { z } from 'zod'
import type { JobRequest } from './recipe.ts'

const relations = ['again', 'vary', 'change', 'remix', 'experiment', 'face', 'scene', 'other'] as const
/** How a picture came from another one; `face` and `scene`: the two pictures of a face swap. */
export type Relation = (typeof relations)[number]

/** A picture that another one was made from. It may have been deleted since. */
export const parentSchema = z.object({ pictureId: z.string(), relation: z.enum(relations) })
export type Parent = z.infer<typeof parentSchema>

/** A member of the class, as Discord knows them. */
export type Person = { id: string; name: string }

/** Whoever asks for something. Instructors may go first, where the class says so. */
export type Asker = Person & { isInstructor?: boolean }

/** Where a command was typed and how to answer it. The token lives 15 minutes and is wiped from the store after that. */
export type CommandOrigin = {
  guildId: string
  channelId: string
  applicationId: string
  interactionId: string
  interactionToken: string
  /** Bytes that one attachment may have there. */
  attachmentSizeLimit: number
}

type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'

/** One accepted command. */
export type Job = {
  id: string
  state: JobState
  request: JobRequest
  asker: Person
  origin: CommandOrigin
  /** The pictures that its pictures will come from. */
  parents: Parent[]
  /** Words for the person when it failed, or when one of the pictures of an experiment did. */
  failure: string | undefined
  /** What it was expected to cost when it was accepted; undefined for what is free. */
  reservedUsd: number | undefined
  /** What it really cost; undefined before the end, and for what is free. */
  costUsd: number | undefined
  createdAt: number
  startedAt: number | undefined
  finishedAt: number | undefined
  /** When the result (or the failure) reached the channel of the command; the message that shows it. */
  deliveredAt: number | undefined
  messageChannelId: string | undefined
  messageId: string | undefined
  /** When the gallery got its copy; undefined too when there is no gallery. */
  archivedAt: number | undefined
  galleryChannelId: string | undefined
  galleryMessageId: string | undefined
}
