import { fileURLToPath } from 'node:url'
import { defineBackend } from '../../backend.ts'
import { createEmbedded } from './embedded.ts'

const folder = fileURLToPath(new URL('../../../../data/models/emoji', import.meta.url))

export default defineBackend({ id: 'embedded', create: async () => [await createEmbedded(folder)] })
