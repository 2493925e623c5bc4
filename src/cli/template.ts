/** What a new app may begin with. */
export interface Template {
  readonly name: string
  /** What it is, as the first sentence of its README. */
  readonly is: string
  /** The folder of this package that has its files. */
  readonly folder: string
  /** Its source files, each with what is in it, for the README: what to read first comes first. */
  readonly sources: readonly (readonly [file: string, holds: string])[]
  /** What its pages bring along. */
  readonly assets: readonly string[]
  /** What it has besides what every app has. */
  readonly scripts: Readonly<Record<string, string>>
  /** Files that it writes while it runs, besides its database. */
  readonly writes: readonly string[]
  /** Where the database lies if nothing else is said. */
  readonly database: string
  /** What its README says besides. */
  readonly notes: string
}

/** What a new app begins with if nothing else is said. */
export const plain: Template = {
  name: 'plain',
  is: 'Notes that a visitor does not want to forget: one form, one page, and a session that remembers.',
  folder: 'templates/plain',
  sources: [
    ['app.ts', 'the whole app: a form, what it does, the page'],
    ['app.test.ts', 'what a visitor does, and what is true then'],
  ],
  assets: ['public/icon.svg', 'public/style.css'],
  scripts: {},
  writes: [],
  database: 'app.db',
  notes: '',
}

const login: Template = {
  name: 'login',
  is: 'Signing up, logging in, pages for members, and the list of their devices, each of which can be ended.',
  folder: 'examples/login',
  sources: [
    ['app.ts', 'the routes: read this first'],
    ['passwords.ts', 'scrypt: what is kept of a password, and how it is known again'],
    ['users.ts', 'those who have signed up, in a table beside those of the sessions'],
    ['pages.ts', 'what each page looks like'],
    ['app.test.ts', 'what a visitor does, and what is true then'],
    ['passwords.test.ts', 'the same for passwords'],
  ],
  assets: ['public/key.svg', 'public/style.css'],
  scripts: {},
  writes: [],
  database: 'login.db',
  notes: `What it leaves to you: letters to confirm an address or to set a new password, and a limit on guesses. Put that limit where all
processes see it, by name and by address: a guess costs 32 MiB of memory and some tenths of a second.`,
}

const checkout: Template = {
  name: 'checkout',
  is: 'A shop that sells nothing twice and nothing that it has not: stock, orders, receipts, and a mail for each order.',
  folder: 'examples/checkout',
  sources: [
    ['app.ts', 'the routes: read this first'],
    ['shop.ts', 'the shelf and the orders; `placeOrder` takes stock by a condition, so that it cannot be oversold'],
    ['pages.ts', 'what each page looks like'],
    ['price.ts', 'how a price is written'],
    ['outbox.ts', 'the mails to be sent, written in the transaction of their order'],
    ['confirmation.ts', 'the mail that confirms an order'],
    ['mailer.ts', 'the program that sends them'],
    ['deliverer.ts', 'takes mails out of the outbox and sends each at least once, in any number of processes'],
    ['mail-file.ts', 'stands for a mail server'],
    ['app.test.ts', 'what a visitor does, and what is true then'],
    ['deliverer.test.ts', 'the same for mails, with processes that are killed'],
  ],
  assets: ['public/fish.svg', 'public/moon.svg', 'public/pear.svg', 'public/style.css'],
  scripts: { mailer: 'node --env-file-if-exists=.env src/mailer.ts' },
  writes: ['checkout-mail.jsonl'],
  database: 'checkout.db',
  notes: `Mails are written down with their order and sent by a program of its own, beside the app: \`npm run mailer\`. It appends them to
\`checkout-mail.jsonl\` (\`MAIL_FILE\` chooses another file) until \`src/mailer.ts\` is given something that sends.`,
}

/** Everything a new app may begin with. */
export const templates: readonly Template[] = [plain, login, checkout]
