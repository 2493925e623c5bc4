import type { Naming } from './app-manifest.ts'
import type { Template } from './template.ts'

/** The README of a new app. */
export function readmeOf(template: Template, naming: Naming): string {
  const { is, database, notes } = template
  const parts = [
    `# ${naming.name}\n\n${is}`,
    running(database),
    `## Where what is\n\n${tableOf(template)}`,
    ...(notes === '' ? [] : [notes]),
    beforeProduction(naming),
  ]
  return `${parts.join('\n\n')}\n`
}

function running(database: string): string {
  return `## Run it

\`\`\`sh
npm install
npm run dev      # serves it, and again after each change
npm test         # what a visitor does, and what is true then
npm run check    # the types
\`\`\`

\`PORT\` chooses the port, 3000 otherwise. What visitors do is kept in one SQLite file, \`${database}\`; \`DATABASE_FILE\` chooses another.
The tests keep what they do in memory. The scripts run on the Node that \`npm install\` brings, whichever other there is.`
}

function tableOf({ sources }: Template): string {
  const rows = [
    ...sources.map(([file, holds]): readonly [string, string] => [`[src/${file}](src/${file})`, holds]),
    ['[src/public/](src/public)', 'what the pages bring along: the style sheet, pictures'],
    ['.env', 'the secret that seals cookies: yours alone, and in no repository'],
    ['[Dockerfile](Dockerfile)', 'the same in a container'],
  ]
  return ['| file | what is in it |', '| --- | --- |', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n')
}

function beforeProduction({ name, dewar }: Naming): string {
  return `## Before production

- \`npx dewar doctor src/app.ts\` looks at the app and where it runs, and says what to do.
- \`npm start\` serves it in production, on \`PORT\` of \`HOST\`, until SIGTERM or Ctrl-C. It reads \`.env\`; what is set in the environment wins. Give
  each place where it runs a secret of its own, by \`npx dewar secret\`: whoever has it can make cookies. Let a service manager start
  \`node_modules/.bin/dewar start src/app.ts\` instead: through npm its SIGTERM does not arrive.
- Browsers on other machines keep no cookies that come over plain http. Put a proxy that speaks https in front, and say whom to believe:
  \`npx dewar start src/app.ts --trust-proxy loopback\`, or, in a container, \`--trust-proxy 1\`.

## In a container

\`\`\`sh
docker build -t ${name} .
docker run --env-file .env -p 127.0.0.1:3000:3000 -v ${name}-data:/data ${name}
docker stop --time 45 …      # lets the requests that run finish
\`\`\`

The image has neither the secret nor the database: the one comes from the environment, the other lies on the volume.${dewar.startsWith('file:') ? outside(dewar) : ''}`
}

function outside(dewar: string): string {
  const file = dewar.slice('file:'.length)
  return ` This app depends on
\`${file}\`, which an image cannot reach: before you build one, copy it here, \`npm install\` the copy, and add it to the first COPY of the Dockerfile.`
}
