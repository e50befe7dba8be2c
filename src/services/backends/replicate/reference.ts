/** What the queue keeps of a job, so that a picture that is paid for is found again after a crash. */
import { z } from 'zod'

const schema = z.object({
  backend: z.literal('replicate'),
  /** The prediction of each picture, by its index. */
  predictions: z.record(z.string(), z.string()),
  /** A purchase that may or may not have arrived: which picture, since when, with which uploaded files. */
  buying: z
    .object({
      index: z.int(),
      since: z.number(),
      files: z.object({ image: z.string(), mask: z.string().optional() }).optional(),
    })
    .optional(),
})
export type Reference = z.infer<typeof schema>

/** What was remembered; nothing when it is of another backend or cannot be read. */
export function readReference(text: string | undefined): Reference {
  try {
    return schema.parse(JSON.parse(text ?? ''))
  } catch {
    return { backend: 'replicate', predictions: {} }
  }
}
