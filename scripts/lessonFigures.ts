/**
 * npm run lessons:figures: draws every figure of the lessons and the practice pictures, from real runs of the model inside the bot. The
 * same model gives the same pixels. With names as arguments it draws only those.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { consent } from './lessonFigures/consent.ts'
import { guidance } from './lessonFigures/guidance.ts'
import { origins } from './lessonFigures/origins.ts'
import { process as diffusion } from './lessonFigures/process.ts'
import { remixing } from './lessonFigures/remixing.ts'
import { samplers } from './lessonFigures/samplers.ts'
import { openStudio, packed, type Wishes } from './lessonFigures/studio.ts'

const folder = path.resolve('data/lessons')
const wanted = process.argv.slice(2)

/** What experiments begin from: nobody's photo. */
const practice: Record<string, Wishes> = {
  apple: { prompt: 'a red apple', seed: 3 },
  face: { prompt: 'a grinning face', seed: 3 },
}

const studio = await openStudio()
try {
  const pictures: Record<string, Buffer> = {}
  for (const [name, wishes] of Object.entries(practice)) pictures[name] = await studio.draw(wishes)
  await writeAll('pictures', pictures)
  const apple = pictures['apple'] as Buffer
  for (const draw of [origins, diffusion, guidance, samplers, consent])
    await writeAll('figures', await draw(studio))
  await writeAll('figures', await remixing(studio, apple))
} finally {
  await studio.close()
}

async function writeAll(kind: string, drawn: Record<string, Buffer>): Promise<void> {
  await mkdir(path.join(folder, kind), { recursive: true })
  for (const [name, png] of Object.entries(drawn)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    const data = await packed(png)
    await writeFile(path.join(folder, kind, `${name}.png`), data)
    say(`${kind}/${name}.png ${Math.round(data.length / 1024)} kB`)
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
