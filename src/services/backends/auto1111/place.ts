/** Where our job stands on the machine. The HTTP answer of the job itself always counts more (auto1111 contract, section 7). */
import { Buffer } from 'node:buffer'
import type { Call } from './http.ts'
import { fieldsOf, numberOf, textOf } from './json.ts'
import { MARKER_OPTION } from './requestBody.ts'

export type Place = {
  /** `ours`: the machine provably works on this very job; `unknown`: on this or on another's. */
  state: 'ours' | 'waiting' | 'ended' | 'unknown'
  /** 0 to 1 over all pictures of the request. */
  progress: number
  preview: Uint8Array | undefined
  previewId: number
}

const nowhere: Omit<Place, 'state'> = { progress: 0, preview: undefined, previewId: -1 }

export type Look = (previewId: number, withPreview?: boolean) => Promise<Place>

/** @param timeoutMs the machine decodes the preview while we wait, so it must not be too short */
export function createLook(call: Call, taskId: string, hasTaskIds: boolean, timeoutMs: number): Look {
  return hasTaskIds ? byTaskId : byMarker

  async function byTaskId(previewId: number, withPreview = true): Promise<Place> {
    const { status, body } = await call('/internal/progress', {
      json: { id_task: taskId, id_live_preview: previewId, live_preview: withPreview },
      timeoutMs,
    })
    const fields = fieldsOf(body)
    if (status !== 200) return { ...nowhere, state: 'unknown' }
    if (fields['active'] === true) {
      return {
        state: 'ours',
        progress: numberOf(fields['progress']) ?? 0,
        preview: dataUri(fields['live_preview']),
        previewId: numberOf(fields['id_live_preview']) ?? previewId,
      }
    }
    return { ...nowhere, state: fields['completed'] === true ? 'ended' : 'waiting' }
  }

  /**
   * `--nowebui` has no task ids, and /sdapi/v1/progress tells of whoever is running. But a job's override_settings are in
   * force for everybody while it runs, so a setting that only we could have made proves that the running job is ours.
   */
  async function byMarker(previewId: number, withPreview = true): Promise<Place> {
    const isOurs = async () => {
      const { status, body } = await call('/sdapi/v1/options', { timeoutMs })
      return status === 200 && fieldsOf(body)[MARKER_OPTION] === taskId
    }
    if (!(await isOurs())) return { ...nowhere, state: 'waiting' }
    const query = withPreview ? '' : '?skip_current_image=true'
    const { status, body } = await call(`/sdapi/v1/progress${query}`, { timeoutMs })
    const fields = fieldsOf(body)
    // Asked again: the jobs may have changed in between.
    if (status !== 200 || !(await isOurs())) return { ...nowhere, state: 'unknown' }
    const picture = textOf(fields['current_image'])
    return {
      state: 'ours',
      // It begins at 0.01, so that nothing is divided by zero there.
      progress: Math.max(0, (numberOf(fields['progress']) ?? 0) - 0.01),
      preview: picture === undefined ? undefined : Buffer.from(picture, 'base64'),
      previewId: previewId + 1,
    }
  }
}

function dataUri(value: unknown): Uint8Array | undefined {
  const data = /^data:image\/[\w.+-]+;base64,(.*)$/s.exec(textOf(value) ?? '')?.[1]
  return data === undefined ? undefined : Buffer.from(data, 'base64')
}

/** Whether the job that ended last was interrupted: stays true until the next one begins (section 8). */
export async function wasInterrupted(call: Call, signal: AbortSignal): Promise<boolean> {
  const { body } = await call('/sdapi/v1/progress?skip_current_image=true', { timeoutMs: 2000, signal })
  const state = fieldsOf(fieldsOf(body)['state'])
  return state['interrupted'] === true && state['job_count'] === 0
}
