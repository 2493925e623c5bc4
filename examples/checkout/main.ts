import { serve } from 'dewar/node'
import app, { database } from './app.ts'
import { deliverEachSecond } from './deliverer.ts'
import { appendTo } from './mail-file.ts'

await serve(app) // on PORT, or 3000; it prints its address

const send = appendTo(process.env.CHECKOUT_MAIL ?? 'checkout-mail.jsonl')
deliverEachSecond({ database, send }, (error) => console.error('A mail could not be sent yet.', error))
