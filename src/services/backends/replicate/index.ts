import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineBackend } from '../../backend.ts'
import { readFaceModels } from './faces.ts'
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
    const faceModels = await readFaceModels(path.join(folder, 'replicate-faces'))
    return [await createReplicate({ token, apiUrl, fileHosts, models, faceModels, jobTimeoutSeconds, log })]
  },
})
