/** Amounts of money as people read them. */

/** "$0.50"; below a cent with as many digits as it takes to say something: "$0.0032". Amounts are US dollars. */
export function dollars(usd: number): string {
  if (usd <= 0) return '$0.00'
  if (usd >= 0.1) return `$${usd.toFixed(2)}`
  const digits = Number(usd.toPrecision(2)).toFixed(8).replace(/0+$/, '')
  const [whole = '0', cents = ''] = digits.split('.')
  return `$${whole}.${cents.padEnd(2, '0')}`
}

/** "free" or "about $0.003 a picture". */
export const priceInWords = (price: { usdPerPicture: number } | undefined): string =>
  price ? `about ${dollars(price.usdPerPicture)} a picture` : 'free'
