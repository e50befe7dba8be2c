/**
 * Colours of our pictures with words. The ground is a little darker than Discord's dark theme and reads as a card on the light
 * one. The three data colours differ in lightness as well as in hue, and words always say the same as the colour.
 */
export const palette = {
  ground: '#16171c',
  panel: '#1f2128',
  grid: '#343844',
  text: '#f3f4f6',
  /** 7:1 on the ground. */
  quiet: '#b4bac6',
  noise: '#7cc0ff',
  change: '#ffb347',
  guidance: '#e79bf2',
  layout: '#5ee0a0',
  detail: '#ffe66d',
} as const
