import type { SwapRequest } from '../../domain.ts'

declare const consented: unique symbol
/** A face swap that everyone in it has agreed to. Only the consent check makes one; the queue takes nothing else. */
export type ConsentedSwap = Readonly<SwapRequest> & { readonly [consented]: true }
