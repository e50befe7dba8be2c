/** The thread of drawInWorker.ts: one task, one answer. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { giveWay } from '../giveWay.ts'
import { drawFamily, type DrawTask } from './draw.ts'

giveWay()
const drawn = await drawFamily(workerData as DrawTask)
const port = parentPort as MessagePort
port.postMessage(drawn)
