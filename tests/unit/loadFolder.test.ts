import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { loadFolder } from '../../src/loadFolder.ts'
import { temporaryFolder } from '../support/studio.ts'

const isNumber = (value: unknown): value is number => typeof value === 'number'

it('takes every file, and index.ts of every folder that has one, by name', async () => {
  const folder = await temporaryFolder()
  await mkdir(path.join(folder, 'many'))
  await mkdir(path.join(folder, 'helpers'))
  await writeFile(path.join(folder, 'two.ts'), 'const two: number = 2\nexport default two\n')
  await writeFile(path.join(folder, 'one.ts'), 'export default 1\n')
  await writeFile(path.join(folder, 'many', 'index.ts'), 'export default 1000\n')
  await writeFile(path.join(folder, 'helpers', 'help.ts'), 'export const help = 0\n')
  await writeFile(path.join(folder, 'notes.md'), 'not code')
  expect(await loadFolder(folder, isNumber, 'a number')).toEqual([
    { name: 'many', value: 1000 },
    { name: 'one', value: 1 },
    { name: 'two', value: 2 },
  ])
})

it('names the file that does not belong there', async () => {
  const folder = await temporaryFolder()
  await writeFile(path.join(folder, 'wrong.ts'), 'export const value = 1\n')
  const loading = loadFolder(folder, isNumber, 'defineNumber(…)')
  await expect(loading).rejects.toThrow(/wrong\.ts must have "export default defineNumber\(…\)"/)
})
