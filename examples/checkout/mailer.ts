/** Sends the mails of the outbox as they come, until it is told to stop. Any number of these may run beside the app. */
import { database } from './app.ts'
import { deliverEachSecond } from './deliverer.ts'
import { appendTo } from './mail-file.ts'

const send = appendTo(process.env.MAIL_FILE ?? 'checkout-mail.jsonl')
const rounds = deliverEachSecond({ database, send }, (error) => console.error('A mail could not be sent yet.', error))
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => rounds.stop())
