/** Programs that keep their recipe as one JSON object: each calls the same settings by other names. */
import { emptyRecipe, numberOf, seedOf, type FoundRecipe } from './found.ts'
import { fileName, methodOf } from './names.ts'

type Fields = Record<string, unknown>

const LARGEST = 1_000_000

/** The recipe and the program; undefined when nothing in the texts is of this kind. */
export function recipeOfOthers(
  texts: Record<string, string>,
): { recipe: FoundRecipe; tool: string } | undefined {
  const parameters = fieldsIn(texts['parameters'] ?? texts['UserComment'])
  const swarm = parameters['sui_image_params']
  if (isFields(swarm)) return { recipe: recipeOf(swarm), tool: 'SwarmUI' }
  const scheme =
    texts['fooocus_scheme'] !== undefined || 'base_model' in parameters || 'Base Model' in parameters
  if (scheme) return { recipe: recipeOf(parameters), tool: 'Fooocus' }
  const invoke = fieldsIn(texts['invokeai_metadata'])
  if ('positive_prompt' in invoke) return { recipe: recipeOf(invoke), tool: 'InvokeAI' }
  if (texts['Software'] === 'NovelAI') {
    const recipe = recipeOf(fieldsIn(texts['Comment']))
    return { recipe: { ...recipe, prompt: recipe.prompt || (texts['Description'] ?? '') }, tool: 'NovelAI' }
  }
  return undefined
}

function recipeOf(fields: Fields): FoundRecipe {
  const byKey = new Map(
    Object.entries(fields).map(([key, value]) => [key.toLowerCase().replaceAll(/[ _]/g, ''), value]),
  )
  const get = (...keys: string[]) => keys.map((key) => byKey.get(key)).find((value) => value !== undefined)
  const text = (...keys: string[]) => {
    const value = get(...keys)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const named = get('model', 'basemodel')
  const model = isFields(named) ? (named['name'] ?? named['model_name']) : named
  const [, width, height] = /(\d+)\D+(\d+)/.exec(text('resolution') ?? '') ?? []
  return {
    ...emptyRecipe(text('prompt', 'positiveprompt') ?? '', text('negativeprompt', 'uc') ?? ''),
    seed: seedOf(get('seed')),
    steps: numberOf(get('steps')),
    cfgScale: numberOf(get('cfgscale', 'guidancescale', 'scale')),
    // InvokeAI calls the sampler scheduler.
    ...methodOf(text('sampler') ?? text('scheduler'), text('sampler') ? text('scheduler') : undefined),
    width: numberOf(get('width') ?? width),
    height: numberOf(get('height') ?? height),
    model: typeof model === 'string' ? fileName(model) : undefined,
  }
}

function fieldsIn(json: string | undefined): Fields {
  if (!json?.trimStart().startsWith('{') || json.length > LARGEST) return {}
  try {
    const data: unknown = JSON.parse(json)
    return isFields(data) ? data : {}
  } catch {
    return {}
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
