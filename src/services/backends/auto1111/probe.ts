/** Which program answers at an address, in the order of auto1111 contract, section 12. */
import { type Answer, type Call, Lost } from './http.ts'

export type Program = 'AUTOMATIC1111' | 'Forge'

export type Probe =
  | { ok: true; program: Program; hasTaskIds: boolean }
  | { ok: false; reason: 'lost' | 'password' | 'no-api' | 'other-program'; detail: string; mend: string }

const PROBE_MS = 10_000

export async function probe(call: Call, signal?: AbortSignal): Promise<Probe> {
  const look = (path: string) => call(path, { timeoutMs: PROBE_MS, ...(signal ? { signal } : {}) })
  try {
    if (isThere(await look('/sdcpp/v1/capabilities'))) return refused('stable-diffusion.cpp')
    if (isThere(await look('/sdapi/v1/version'))) return refused('SD.Next')
    const modules = await look('/sdapi/v1/sd-modules')
    if (isThere(modules)) return await taken('Forge', look)
    const vaes = await look('/sdapi/v1/sd-vae')
    if (isThere(vaes)) return await taken('AUTOMATIC1111', look)
    return [modules, vaes].some(isLocked) ? locked : (await look('/')).status === 200 ? noApi : unknown
  } catch (error) {
    if (!(error instanceof Lost)) throw error
    return {
      ok: false,
      reason: 'lost',
      detail: `It does not answer: ${error.message}.`,
      mend: mendOf[error.kind],
    }
  }
}

/** Without the web page (`--nowebui`) there are no /internal routes, so no task ids either (section 2). */
async function taken(program: Program, look: (path: string) => Promise<Answer>): Promise<Probe> {
  const ping = await look('/internal/ping')
  return { ok: true, program, hasTaskIds: ping.status === 200 }
}

/** A page that answers 200 to everything is no API: JSON is wanted. */
const isThere = ({ status, body }: Answer) => status === 200 && typeof body === 'object' && body !== null
const isLocked = ({ status }: Answer) => status === 401 || status === 403

const refused = (program: string): Probe => ({
  ok: false,
  reason: 'other-program',
  detail: `What answers there is ${program}, which Darkroom does not draw with.`,
  mend: 'Start AUTOMATIC1111 or Forge there, or take the address out of AUTO1111_URLS.',
})
const locked: Probe = {
  ok: false,
  reason: 'password',
  detail: 'It does not accept the user and password.',
  mend: 'Write the user and password of --api-auth into its address in AUTO1111_URLS: http://user:password@machine:7860.',
}
const noApi: Probe = {
  ok: false,
  reason: 'no-api',
  detail: 'A web page answers there, but no API.',
  mend: 'Add --api to COMMANDLINE_ARGS (webui-user.bat or webui-user.sh) and start it again.',
}
const unknown: Probe = {
  ok: false,
  reason: 'other-program',
  detail: 'Something answers there that is neither AUTOMATIC1111 nor Forge.',
  mend: 'Check host, port and path of the address in AUTO1111_URLS (the usual port is 7860, with --nowebui 7861).',
}
const mendOf = {
  refused: 'Start the program there with --api --listen, and check the port in AUTO1111_URLS.',
  unreachable:
    'Check that the machine is on and in the same network, and that its firewall lets the port through.',
  timeout:
    'Look at the screen of the machine: it may be loading a model, or hang; if it hangs, start it again.',
  cut: 'Look at the window of the program: it may have crashed; start it again.',
  'too-large': 'Check host and port of the address in AUTO1111_URLS.',
  untrusted: 'Write http:// in AUTO1111_URLS, or give the bot the certificate with NODE_EXTRA_CA_CERTS.',
}
