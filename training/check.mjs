// Compares an exported graph with PyTorch's answers: node check.mjs model.onnx FOLDER (files "<batch>.x", ".t", ".ids", ".x0").
import { readFile, readdir } from 'node:fs/promises'
import { InferenceSession, Tensor } from 'onnxruntime-node'

const [model, folder] = process.argv.slice(2)
const session = await InferenceSession.create(model, { intraOpNumThreads: 1 })
const read = async (name) => (await readFile(`${folder}/${name}`)).buffer
let worst = 0
for (const batch of (await readdir(folder)).filter((name) => name.endsWith('.x')).map((name) => parseInt(name, 10))) {
  const x = new Float32Array(await read(`${batch}.x`))
  const ids = new BigInt64Array(await read(`${batch}.ids`))
  const { x0 } = await session.run({
    x: new Tensor('float32', x, [batch, 3, 64, 64]),
    t: new Tensor('float32', new Float32Array(await read(`${batch}.t`)), [batch]),
    ids: new Tensor('int64', ids, [batch, ids.length / batch]),
  })
  const wanted = new Float32Array(await read(`${batch}.x0`))
  wanted.forEach((value, index) => (worst = Math.max(worst, Math.abs(value - x0.data[index]))))
}
console.log(`largest difference to PyTorch: ${worst}`)
process.exitCode = worst < 1e-4 ? 0 : 1
