/** The port of a machine that draws, and what it says of itself. */
import type { ImageRequest, Recipe, SwapRequest } from './recipe.ts'
import type { GeneratedImage, Progress, Run } from './run.ts'

export type Range = { min: number; max: number; default: number }

/** A name to choose and a few words of help. */
export type Choice = { id: string; help: string }

/** Money and time that a request is expected to take; `usd` is 0 when it costs nothing. */
export type Estimate = { usd: number; seconds: number }

/** What a model can do: limits, names and words for people. */
export type ModelInfo = {
  /** The word students type, e.g. "emoji". */
  id: string
  backend: string
  title: string
  /** One sentence for students: what it is and what it cannot do. */
  description: string
  steps: Range
  cfgScale: Range
  /** First is the default. */
  samplers: readonly Choice[]
  schedulers: readonly Choice[]
  sizes: readonly { id: string; width: number; height: number }[]
  maxCount: number
  maxPromptLength: number
  supports: {
    negativePrompt: boolean
    variation: boolean
    replay: boolean
    img2img: boolean
    /** img2img of a part only. */
    mask: boolean
    /** The true states of each run are kept while it is drawn, although it cannot be replayed. */
    states?: boolean
  }
  /** Empty lists where the model has none of the kind. */
  extras?: {
    loras: readonly Choice[]
    vaes: readonly Choice[]
    styles: readonly Choice[]
    upscalers: readonly Choice[]
    refiners: readonly Choice[]
    /** New words (textual inversion); they act when they stand in the prompt. */
    embeddings: readonly Choice[]
  }
  /** Present when drawing costs money: one picture with the default settings, and when that price was looked up. */
  price?: { usdPerPicture: number; checkedOn: string }
}

/** img2img: the picture it begins from and, for a part of it only, a mask (white is drawn anew). PNG, as large as the request. */
export type InputImages = { image: Uint8Array; mask?: Uint8Array }

/** What a machine that swaps faces says of itself. */
export type FaceEngine = {
  /** The word people choose, e.g. "landmarks". */
  id: string
  title: string
  /** One sentence for students: what it does and what it cannot do. */
  description: string
  /** Present when a swap costs money. */
  price?: { usdPerPicture: number; checkedOn: string }
  /** It takes the very faces that consent was looked up for; others count by themselves and see only one face. */
  takesChosenFaces?: true
}

/** What a backend is given beside the request. */
export type GenerateContext = JobContext & { input?: InputImages }

/** For a face swap: both pictures (PNG). */
export type SwapContext = JobContext & { source: Uint8Array; target: Uint8Array }

type JobContext = {
  signal: AbortSignal
  onProgress: (progress: Progress) => void
  /**
   * Called at most once, when the machine has nothing left to do for this job: the next one may begin there while what came is
   * decoded and stored.
   */
  onFree?: () => void
  /** What `remember` was last given before the process died: work that is paid for is picked up, not bought again. */
  resume?: string
  /** Stores where the work can be found again; called before that could be lost. */
  remember?: (reference: string) => void
}

/** One thing that `/doctor` looked at. */
export type Finding = {
  ok: boolean
  /** For the instructor: what was looked at and what was seen, one sentence without addresses and passwords. */
  sentence: string
  /** How to mend it; absent when there is nothing to mend. */
  mend?: string
}

/** A machine that draws. One file or folder in services/backends each. */
export interface ImageBackend {
  /** For logs and instructors, e.g. "auto1111-1"; never an address. */
  readonly id: string
  /** Jobs it works on at a time. */
  readonly lanes: number
  /** What it offers, also while it cannot be reached; answered from memory, never from the network. */
  models(): readonly ModelInfo[]
  /** False while it cannot draw: its jobs wait, or go to another backend with the same model. Absent: always. */
  isUp?(): boolean
  /** False for a model that has to be loaded before it draws; answered from memory. Absent: none has to be. */
  isLoaded?(model: string): boolean
  /** Draws all pictures of one request. Throws BackendError, or the signal's reason when aborted. */
  generate(request: ImageRequest, context: GenerateContext): Promise<GeneratedImage[]>
  /** Runs a recipe again and keeps every step; only where `supports.replay`. */
  replay?(recipe: Recipe, context: { signal: AbortSignal; input?: InputImages }): Promise<Run>
  /** How it can swap faces; absent: not at all. Answered from memory. */
  faceEngines?(): readonly FaceEngine[]
  /**
   * Swaps faces with one of its engines; the mark is put on by whoever keeps the picture. Throws UserError for faces that cannot be
   * used, BackendError, or the signal's reason when aborted.
   */
  swapFaces?(request: SwapRequest, context: SwapContext): Promise<GeneratedImage<SwapRequest>>
  /** What a request is expected to cost; absent: nothing. Pure. */
  estimate?(request: ImageRequest): Estimate
  /** Looks at everything that can be wrong; at most a few seconds. */
  diagnose?(signal: AbortSignal): Promise<Finding[]>
  close(): Promise<void>
}
