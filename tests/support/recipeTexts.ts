/** What programs write into their pictures, in our own words and numbers. */

/** AUTOMATIC1111 1.10. */
export const auto1111Text = `a lighthouse at dusk, (storm:1.3), [calm:waves:0.5] <lora:etching_v2:0.7>
second line
Negative prompt: people, (blurry:1.2)
text, frame
Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 4022250974, Size: 512x768, Model hash: 6ce0161689, Model: v1-5-pruned-emaonly, VAE hash: 735e4c3a44, VAE: vae-ft-mse.safetensors, Denoising strength: 0.45, Clip skip: 2, Hires upscale: 1.5, Hires steps: 12, Hires upscaler: 4x-UltraSharp, Lora hashes: "etching_v2: 1a2b3c4d5e6f, other: ffee", ControlNet 0: "Module: canny, Model: control_v11p [d14c016b], Weight: 1", Version: v1.10.1`

/** Forge with a FLUX model. */
export const forgeText = `a paper boat
Steps: 20, Sampler: Euler, Schedule type: Simple, CFG scale: 1, Distilled CFG Scale: 3.5, Seed: 7, Size: 896x1152, Model hash: d5d1e2a8b0, Model: flux1-dev-Q8_0, Version: f2.0.1v1.10.1-previous-313-g8a042934, Diffusion in Low Bits: Automatic (fp16 LoRA), Module 1: ae, Module 2: clip_l`

/** CivitAI's generator: JSON without quotes, and a sampler that it does not know. */
export const civitaiText = `a moth made of lace
Negative prompt: photo
Steps: 30, Sampler: Undefined, CFG scale: 4, Seed: 12345678901234567890, Size: 832x1216, Clip skip: 2, Created Date: 2025-01-02T10:11:12.0000000Z, Hashes: {"model": "31e35c80fc", "lora:lace": "0011aabb"}, Civitai resources: [{"type":"checkpoint","modelVersionId":128078,"modelName":"SD XL","modelVersionName":"v1.0, VAE fix"},{"type":"lora","weight":0.8,"modelVersionId":9,"modelName":"lace"}], Civitai metadata: {}`

/** A small ComfyUI graph in its API format; `changes` replace nodes by id. */
export const comfyGraph = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  '3': {
    class_type: 'KSampler',
    inputs: {
      seed: 156680208700286,
      steps: 25,
      cfg: 7.5,
      sampler_name: 'dpmpp_2m',
      scheduler: 'karras',
      denoise: 1,
      model: ['10', 0],
      positive: ['6', 0],
      negative: ['7', 0],
      latent_image: ['5', 0],
    },
  },
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sdxl/sd_xl_base_1.0.safetensors' } },
  '5': { class_type: 'EmptyLatentImage', inputs: { width: 1024, height: 768, batch_size: 1 } },
  '6': { class_type: 'CLIPTextEncode', inputs: { text: 'a glass (bottle:1.2)', clip: ['10', 1] } },
  '7': { class_type: 'CLIPTextEncode', inputs: { text: 'text, watermark', clip: ['10', 1] } },
  '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
  '9': { class_type: 'SaveImage', inputs: { filename_prefix: 'ComfyUI', images: ['8', 0] } },
  '10': {
    class_type: 'LoraLoader',
    inputs: {
      lora_name: 'styles/charcoal.safetensors',
      strength_model: 0.6,
      strength_clip: 1,
      model: ['4', 0],
      clip: ['4', 1],
    },
  },
  ...changes,
})

/** The same picture as ComfyUI's editor saves it: values in lists, links with numbers. */
export const comfyWorkflow = (): object => ({
  last_node_id: 12,
  version: 0.4,
  nodes: [
    {
      id: 3,
      type: 'KSampler',
      inputs: [
        { name: 'model', link: 1 },
        { name: 'positive', link: 2 },
        { name: 'negative', link: 3 },
        { name: 'latent_image', link: 4 },
        { name: 'seed', link: 9, widget: { name: 'seed' } },
      ],
      widgets_values: [1, 'randomize', 25, 7.5, 'euler_ancestral', 'normal', 1],
    },
    { id: 4, type: 'CheckpointLoaderSimple', widgets_values: ['sd_xl_base_1.0.safetensors'] },
    { id: 5, type: 'EmptyLatentImage', widgets_values: [1024, 768, 1] },
    {
      id: 6,
      type: 'CLIPTextEncode',
      inputs: [{ name: 'clip', link: 5 }],
      widgets_values: ['a glass bottle'],
    },
    { id: 7, type: 'CLIPTextEncode', inputs: [{ name: 'clip', link: 5 }], widgets_values: ['text'] },
    { id: 8, type: 'VAEDecode', inputs: [{ name: 'samples', link: 6 }] },
    { id: 9, type: 'SaveImage', inputs: [{ name: 'images', link: 7 }], widgets_values: ['ComfyUI'] },
    { id: 10, type: 'Reroute', inputs: [{ name: '', link: 8 }] },
    {
      id: 11,
      type: 'LoraLoaderModelOnly',
      mode: 4,
      inputs: [{ name: 'model', link: 10 }],
      widgets_values: ['off.pt', 1],
    },
    { id: 12, type: 'PrimitiveNode', widgets_values: [99, 'fixed'] },
  ],
  links: [
    [1, 10, 0, 3, 0, 'MODEL'],
    [2, 6, 0, 3, 1, 'CONDITIONING'],
    [3, 7, 0, 3, 2, 'CONDITIONING'],
    [4, 5, 0, 3, 3, 'LATENT'],
    [5, 4, 1, 6, 0, 'CLIP'],
    [6, 3, 0, 8, 0, 'LATENT'],
    [7, 8, 0, 9, 0, 'IMAGE'],
    [8, 11, 0, 10, 0, 'MODEL'],
    [9, 12, 0, 3, 4, 'INT'],
    [10, 4, 0, 11, 0, 'MODEL'],
  ],
})
