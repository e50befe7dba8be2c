import { fileURLToPath } from 'node:url'
import { defineBackend } from '../../backend.ts'
import { readModels } from './registry.ts'
import { createReplicate } from './replicate.ts'

const folder = fileURLToPath(new URL('../../../../data/models', import.meta.url))

export default defineBackend({
  id: 'replicate',
  async create(config, log) {
    const {
      replicateApiToken: token,
      replicateApiUrl: apiUrl,
      replicateFileHosts: fileHosts,
      jobTimeoutSeconds,
    } = config
    if (token === undefined) return []
    const models = await readModels(folder)
    return [await createReplicate({ token, apiUrl, fileHosts, models, jobTimeoutSeconds, log })]
  },
})
