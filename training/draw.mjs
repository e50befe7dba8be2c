// Draws prompts as the bot does, for evaluate.py: node draw.mjs MODEL-FOLDER < JOB > PIXELS (Node 24).
// JOB: {"prompts": [], "seeds": [], "steps", "guidance", "sampler", "scheduler"}; PIXELS: 64 x 64 x 3 bytes a prompt.
import { text } from 'node:stream/consumers'
import { createEmbedded } from '../src/services/backends/embedded/embedded.ts'

const { prompts, seeds, steps, guidance, sampler, scheduler } = JSON.parse(await text(process.stdin))
const backend = await createEmbedded(process.argv[2])
const [model] = backend.models()
const pictures = []
for (const [index, prompt] of prompts.entries()) {
  const recipe = {
    ...{ model: model.id, prompt, negativePrompt: '', seed: seeds[index] },
    ...{ steps, cfgScale: guidance, sampler, scheduler, width: 512, height: 512 },
  }
  const { final } = await backend.replay(recipe, { signal: new AbortController().signal })
  const area = final.length / 3
  pictures.push(Uint8Array.from(final, (_, at) => Math.round((Math.min(1, Math.max(-1, final[(at % 3) * area + Math.floor(at / 3)])) + 1) * 127.5)))
}
await backend.close()
process.stdout.write(Buffer.concat(pictures))
