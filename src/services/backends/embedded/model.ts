import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ModelInfo } from '../../../domain.ts'
import { AUTOMATIC, samplers } from './samplers.ts'
import { schedules } from '../../schedules.ts'
import { createTokeniser, type Tokens, vocabSchema } from './tokenise.ts'

/** Side of the picture that the class sees. */
export const SIZE = 512

/** model.json, written by training/export.py. */
const aboutSchema = z.object({
  name: z.string(),
  pixels: z.int().positive(),
  maxWords: z.int().positive(),
  words: z.int().positive(),
  emoji: z.int().positive(),
})

export type Model = {
  file: string
  /** Side of the picture that the network draws. */
  pixels: number
  maxWords: number
  tokenise: (prompt: string) => Tokens
  info: ModelInfo
}

/** Reads the folder of a model; the network itself is opened by the drawing thread. Rejects when a file is missing or not as expected. */
export async function readModel(folder: string): Promise<Model> {
  const about = aboutSchema.parse(await readJson(folder, 'model.json'))
  const vocab = vocabSchema.parse(await readJson(folder, 'vocab.json'))
  const things = vocab.places > 0 ? 'up to four things beside or above each other' : 'one thing at a time'
  return {
    file: join(folder, 'model.onnx'),
    pixels: about.pixels,
    maxWords: about.maxWords,
    tokenise: createTokeniser(vocab, about.maxWords),
    info: {
      id: about.name,
      backend: 'embedded',
      title: 'Emoji, inside the bot',
      description:
        `A tiny diffusion model that has seen ${about.emoji} emoji and knows ${about.words} words: ${things}, ` +
        'in a colour, on a background; no scenes and no photographs.',
      steps: { min: 1, max: 100, default: 20 },
      cfgScale: { min: 1, max: 15, default: 3 },
      samplers: samplers.map(({ id, help }) => ({ id, help })),
      schedulers: [
        { id: AUTOMATIC, help: automaticHelp() },
        ...Object.values(schedules).map(({ id, help }) => ({ id, help })),
      ],
      sizes: [{ id: 'square', width: SIZE, height: SIZE }],
      maxCount: 4,
      maxPromptLength: 500,
      supports: { negativePrompt: true, variation: true, replay: true, img2img: true, mask: true },
    },
  }
}

function automaticHelp(): string {
  const karras = samplers.filter(({ automatic }) => automatic === 'Karras').map(({ id }) => id)
  return `What the sampler is made for: Karras for ${karras.join(', ')}, DDIM for DDIM, else Normal.`
}

async function readJson(folder: string, file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, file), 'utf8'))
}
