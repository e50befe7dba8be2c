/** What the fake machine has, in the shapes of auto1111 contract, section 3. */

export type FakeModel = {
  title: string
  model_name: string
  hash: string | null
  sha256: null
  filename: string
  config: null
}

const model = (name: string, hash: string | null, folder = ''): FakeModel => ({
  title: `${folder === '' ? '' : `${folder}/`}${name}.safetensors${hash === null ? '' : ` [${hash}]`}`,
  model_name: folder === '' ? name : `${folder}_${name}`,
  hash,
  sha256: null,
  filename: `C:\\webui\\models\\Stable-diffusion\\${folder === '' ? '' : `${folder}\\`}${name}.safetensors`,
  config: null,
})

export const fakeModels = (): FakeModel[] => [
  model('v1-5-pruned-emaonly', '6ce0161689'),
  model('sd_xl_base_1.0', '31e35c80fc'),
  model('watercolour', null, 'class'),
]

export const samplers = ['DPM++ 2M', 'DPM++ SDE', 'Euler a', 'Euler', 'Heun', 'DDIM'].map((name) => ({
  name,
  aliases: [`k_${name.toLowerCase().replaceAll(' ', '_')}`],
  options: {},
}))

export const schedulers = ['Automatic', 'Uniform', 'Karras', 'Exponential', 'SGM Uniform'].map((label) => ({
  name: label.toLowerCase().replaceAll(' ', '_'),
  label,
  aliases: null,
  default_rho: -1,
  need_inner_model: false,
}))

export const vaes = ['vae-ft-mse-840000.safetensors', 'kl-f8-anime2.ckpt'].map((model_name) => ({
  model_name,
  filename: `C:\\webui\\models\\VAE\\${model_name}`,
}))

export const loras = [
  {
    name: 'pixel-art',
    alias: 'pixelart',
    path: 'C:\\webui\\models\\Lora\\pixel-art.safetensors',
    metadata: {},
  },
  {
    name: 'ink-wash',
    alias: 'ink-wash',
    path: 'C:\\webui\\models\\Lora\\ink-wash.safetensors',
    metadata: {},
  },
]

export const upscalers = ['None', 'Lanczos', 'R-ESRGAN 4x+'].map((name) => ({
  name,
  model_name: null,
  model_path: null,
  model_url: null,
  scale: 4,
}))

export const latentModes = ['Latent', 'Latent (nearest-exact)'].map((name) => ({ name }))

export const styles = [{ name: 'poster', prompt: 'poster, {prompt}', negative_prompt: 'photo' }]

export const embeddings = {
  loaded: {
    'easy-negative': { step: null, sd_checkpoint: null, sd_checkpoint_name: null, shape: 768, vectors: 8 },
  },
  skipped: {},
}

/** Every option a job may override; another key is a KeyError (section 4). */
export const options = (loaded: string): Record<string, unknown> => ({
  sd_model_checkpoint: loaded,
  sd_vae: 'Automatic',
  forge_additional_modules: [],
  CLIP_stop_at_last_layers: 1,
  live_previews_enable: true,
  show_progress_every_n_steps: 10,
  show_progress_type: 'Approx NN',
  live_previews_image_format: 'png',
  samples_format: 'png',
  samples_filename_pattern: '',
})
