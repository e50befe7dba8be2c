/** Everything that can be wrong with one machine, in sentences for the instructor: without addresses and passwords. */
import type { Finding } from '../../../domain.ts'
import type { Known } from './connection.ts'
import { readCatalogue } from './catalogue.ts'
import type { FaceCatalogue } from './faces.ts'
import { type Call, Lost } from './http.ts'
import { probe } from './probe.ts'

/** What was learnt while drawing; the API itself tells neither. */
export type Memory = { version: string | undefined; msPerStep: number | undefined }

type Subject = {
  id: string
  address: string
  call: Call
  memory: Memory
  known: () => Known | undefined
}

export async function diagnose(
  { id, address, call, memory, known }: Subject,
  signal: AbortSignal,
): Promise<Finding[]> {
  const start = performance.now()
  const found = await probe(call, signal)
  const took = Math.round(performance.now() - start)
  if (!found.ok) {
    const reached: Finding = { ok: true, sentence: `${id}: something answers at its address.` }
    const wrong: Finding = { ok: false, sentence: `${id}: ${found.detail}`, mend: found.mend }
    return found.reason === 'lost' ? [wrong] : [reached, wrong]
  }
  const version = memory.version === undefined ? '' : ` ${memory.version}`
  return [
    {
      ok: true,
      sentence: `${id}: ${found.program}${version} answers, with its API (${took} ms for the whole look).`,
    },
    ...(found.hasTaskIds ? [] : [noTaskIds(id)]),
    ...(await catalogueFindings(id, call, found.program)),
    ...passwordFindings(id, address),
    speed(id, memory, known()),
  ]
}

async function catalogueFindings(id: string, call: Call, program: Known['program']): Promise<Finding[]> {
  const catalogue = await readCatalogue(call, program).catch((error: unknown) => {
    if (error instanceof Lost) return undefined
    throw error
  })
  if (catalogue === undefined)
    return [
      {
        ok: false,
        sentence: `${id}: it does not tell its models.`,
        mend: 'Look at the window of the program for an error, and start it again.',
      },
    ]
  const { checkpoints, samplers, loras, vaes, embeddings, faces } = catalogue
  if (checkpoints.length === 0)
    return [
      {
        ok: false,
        sentence: `${id}: it has no model.`,
        mend: 'Put a checkpoint (.safetensors) into models/Stable-diffusion there and press the refresh button of its page.',
      },
    ]
  const counts = `${many(checkpoints.length, 'model')}, ${many(samplers.length, 'sampler')}, ${many(loras.length, 'LoRA')}, ${many(vaes.length, 'VAE')}, ${many(embeddings.length, 'embedding')}`
  return [{ ok: true, sentence: `${id}: it has ${counts}.` }, ...faceFindings(id, faces)]
}

/** The extensions list no model when their file is missing, and would then swap nothing without a word. */
function faceFindings(id: string, faces: FaceCatalogue): Finding[] {
  return Object.entries(faces).map(([script, { models }]) =>
    models.length > 0
      ? { ok: true, sentence: `${id}: it can swap faces with ${script}.` }
      : {
          ok: false,
          sentence: `${id}: the extension ${script} is there, but without a model it swaps nothing.`,
          mend: `Put inswapper_128.onnx into models/${script === 'roop' ? 'roop' : 'insightface'} there and start it again.`,
        },
  )
}

const many = (count: number, name: string) => `${count} ${name}${count === 1 ? '' : 's'}`

const noTaskIds = (id: string): Finding => ({
  ok: true,
  sentence: `${id}: it runs with --nowebui, so a job is found by a setting that goes with it.`,
})

/** Whoever reaches the port can draw, change settings and read the launch flags (section 2). */
function passwordFindings(id: string, address: string): Finding[] {
  const { hostname, username, protocol } = new URL(address)
  if (/^(localhost|127\.|\[::1\])/.test(hostname)) return []
  if (username === '')
    return [
      {
        ok: false,
        sentence: `${id}: it asks for no password, so everybody in its network can use it.`,
        mend: 'Start it with --api-auth user:password, write both into its address, and let its firewall admit only the bot.',
      },
    ]
  const plain = protocol === 'http:' ? ' It travels unencrypted, so use it in a network that you trust.' : ''
  return [{ ok: true, sentence: `${id}: it takes the password.${plain}` }]
}

function speed(id: string, { msPerStep }: Memory, known: Known | undefined): Finding {
  if (msPerStep === undefined) {
    const waiting = known === undefined ? 'was not reached before' : 'has not drawn yet'
    return { ok: true, sentence: `${id}: how fast it draws is not known: it ${waiting}.` }
  }
  const seconds = ((msPerStep * 20) / 1000).toFixed(1)
  return { ok: true, sentence: `${id}: its last job took ${seconds} s for a picture of 20 steps.` }
}
