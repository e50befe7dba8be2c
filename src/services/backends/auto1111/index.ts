import { defineBackend } from '../../backend.ts'
import { createAuto1111 } from './machine.ts'

export default defineBackend({
  id: 'auto1111',
  create: (config, log) =>
    Promise.all(
      config.auto1111Urls.map((address, index) =>
        createAuto1111({ id: `auto1111-${index + 1}`, address, log }),
      ),
    ),
})
