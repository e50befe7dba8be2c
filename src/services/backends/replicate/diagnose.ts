/** What can be wrong with Replicate, in words for the instructor. */
import type { Finding } from '../../../domain.ts'
import { Fault, type Api } from './api.ts'
import { backendErrorOf } from './errors.ts'
import type { Health } from './health.ts'
import type { Probe } from './probe.ts'
import type { ReplicateModel } from './registry.ts'

const MEND_KEY =
  'Make a new API token in your account at replicate.com, put it into REPLICATE_API_TOKEN in .env and restart the bot.'
const MEND_CREDIT = 'Buy credit under Billing in your account at replicate.com; it may take a few minutes.'
const MEND_NETWORK =
  'Look whether this machine is online, and whether replicatestatus.com tells of a problem.'

type Parts = { api: Api; probe: Probe; health: Health; models: readonly ReplicateModel[] }

export async function diagnose(
  { api, probe, health, models }: Parts,
  signal: AbortSignal,
): Promise<Finding[]> {
  const account = await lookAtAccount(api, health, signal)
  if (!account.ok) return [account, ...lastFailure(health)]
  const states = await Promise.all(
    models.map(async (model): Promise<Finding> => {
      const state = await probe.stateOf(model, signal)
      if (state.kind === 'gone') {
        return {
          ok: false,
          sentence: state.sentence,
          mend: `Remove ${model.id}.json from data/models, or put the number of a newer version into it.`,
        }
      }
      if (state.kind === 'unknown')
        return { ok: false, sentence: `${model.title} could not be looked up.`, mend: MEND_NETWORK }
      if (state.unknownInputs.length > 0) {
        const names = state.unknownInputs.join(', ')
        return {
          ok: false,
          sentence: `${model.title} has no input called ${names} any more.`,
          mend: `Correct the names in ${model.id}.json in data/models.`,
        }
      }
      return { ok: true, sentence: `${model.title} is there${health.wordsOn(model.id)}.` }
    }),
  )
  return [account, ...states, ...lastFailure(health)]
}

async function lookAtAccount(api: Api, health: Health, signal: AbortSignal): Promise<Finding> {
  try {
    const { username } = await api.account(signal)
    health.accepted()
    return { ok: true, sentence: `Replicate accepts the key, of the account ${username}.` }
  } catch (error) {
    health.failed(error)
    const isRefused = error instanceof Fault && (error.status === 401 || error.status === 403)
    return { ok: false, sentence: backendErrorOf(error).message, mend: isRefused ? MEND_KEY : MEND_NETWORK }
  }
}

function lastFailure({ last }: Health): Finding[] {
  const failure = last()
  if (!failure) return []
  const minutes = Math.round((Date.now() - failure.at) / 60_000)
  const when = minutes < 1 ? 'less than a minute ago' : `${minutes} min ago`
  const sentence = `The last failure was ${when}: ${failure.detail}`
  return /credit/.test(failure.detail)
    ? [{ ok: false, sentence, mend: MEND_CREDIT }]
    : [{ ok: true, sentence }]
}
