/** Between rows of the table `jobs` and the type Job. */
import { z } from 'zod'
import { jobRequestSchema, parentSchema, type Job } from '../../domain.ts'
import { newId } from '../ids.ts'

const text = z.string().nullable()
const time = z.number().nullable()

const parentsSchema = z.array(parentSchema)
const rowSchema = z.object({
  id: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  request: z.string(),
  asker_id: z.string(),
  asker_name: z.string(),
  guild_id: z.string(),
  channel_id: z.string(),
  application_id: z.string(),
  interaction_id: z.string(),
  interaction_token: z.string(),
  attachment_size_limit: z.number(),
  parents: z.string(),
  failure: text,
  reserved_usd: z.number().nullable(),
  cost_usd: z.number().nullable(),
  created_at: z.number(),
  started_at: time,
  finished_at: time,
  delivered_at: time,
  message_channel_id: text,
  message_id: text,
  archived_at: time,
  gallery_channel_id: text,
  gallery_message_id: text,
})

/** What is accepted now: a row is read anew only where somebody else may have written it. */
export function newJob(
  accepted: Pick<Job, 'request' | 'asker' | 'origin' | 'parents' | 'reservedUsd' | 'createdAt'>,
): Job {
  return {
    ...accepted,
    id: newId(),
    state: 'waiting',
    failure: undefined,
    costUsd: undefined,
    startedAt: undefined,
    finishedAt: undefined,
    deliveredAt: undefined,
    messageChannelId: undefined,
    messageId: undefined,
    archivedAt: undefined,
    galleryChannelId: undefined,
    galleryMessageId: undefined,
  }
}

/** @param tokensSince jobs created before this have no token any more, also if it was not wiped yet */
export function jobOfRow(row: unknown, tokensSince: number): Job {
  const fields = rowSchema.parse(row)
  return {
    id: fields.id,
    state: fields.state,
    request: jobRequestSchema.parse(JSON.parse(fields.request)),
    asker: { id: fields.asker_id, name: fields.asker_name },
    origin: {
      guildId: fields.guild_id,
      channelId: fields.channel_id,
      applicationId: fields.application_id,
      interactionId: fields.interaction_id,
      interactionToken: fields.created_at > tokensSince ? fields.interaction_token : '',
      attachmentSizeLimit: fields.attachment_size_limit,
    },
    parents: parentsSchema.parse(JSON.parse(fields.parents)),
    failure: fields.failure ?? undefined,
    reservedUsd: fields.reserved_usd ?? undefined,
    costUsd: fields.cost_usd ?? undefined,
    createdAt: fields.created_at,
    startedAt: fields.started_at ?? undefined,
    finishedAt: fields.finished_at ?? undefined,
    deliveredAt: fields.delivered_at ?? undefined,
    messageChannelId: fields.message_channel_id ?? undefined,
    messageId: fields.message_id ?? undefined,
    archivedAt: fields.archived_at ?? undefined,
    galleryChannelId: fields.gallery_channel_id ?? undefined,
    galleryMessageId: fields.gallery_message_id ?? undefined,
  }
}
