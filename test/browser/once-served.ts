import { serve } from 'dewar/node'
import { createShop } from './once-shop.ts'

// The shop in a process of its own, which says when the work of an order begins, and takes long for it.

const shop = createShop({
  path: process.env.SHOP_FILE ?? '',
  onBegin: () => console.log('an order begins'),
  workMs: 1_500,
})
await serve(shop.app)
