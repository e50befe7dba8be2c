/** The classroom's page API over fetch. Every function throws an Error whose message can be shown. */

async function call(path, body) {
  let response
  try {
    response = await fetch(path, body ? { method: 'POST', ...body } : {})
  } catch {
    throw new Error('The classroom cannot be reached; is it still running?')
  }
  const answer = await response.json().catch(() => ({}))
  if (!response.ok)
    throw new Error(errorText(answer) ?? `The classroom answered with an error (${response.status}).`)
  return answer
}

function errorText(answer) {
  if (typeof answer?.error === 'string') return answer.error
  return typeof answer?.message === 'string' ? answer.message : undefined
}

const json = (value) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) })

/** JSON, or multipart with `payload` and `files[NAME]` when there are files. */
function withFiles(payload, files) {
  const chosen = Object.entries(files ?? {})
  if (chosen.length === 0) return json(payload)
  const form = new FormData()
  form.append('payload', JSON.stringify(payload))
  for (const [name, file] of chosen) form.append(`files[${name}]`, file, file.name)
  return { body: form }
}

const query = (values) => new URLSearchParams(values).toString()

export const api = {
  /** @returns {Promise<{id: string, name: string, instructor: boolean}[]>} */
  persons: () => call('/page/persons'),
  state: (person) => call(`/page/state?${query({ person })}`),
  messages: (person, channel) => call(`/page/messages?${query({ person, channel })}`),
  /** @returns {Promise<{interaction: string}>} */
  command: (payload, files) => call('/page/command', withFiles(payload, files)),
  /** @returns {Promise<{choices: {name: string, value: unknown}[]}>} */
  autocomplete: (payload) => call('/page/autocomplete', json(payload)),
  /** @returns {Promise<{interaction: string}>} */
  component: (payload) => call('/page/component', json(payload)),
  /** @returns {Promise<{interaction: string}>} */
  modal: (payload, files) => call('/page/modal', withFiles(payload, files)),
}
