import { resolve } from 'node:path'
import { filesOf } from './app-files.ts'
import { faultOfName } from './app-name.ts'
import type { Command } from './command.ts'
import { dewarRange } from './dewar-range.ts'
import { WrongUse } from './failure.ts'
import { plain, type Template, templates } from './template.ts'
import { writeFolder } from './write-folder.ts'

const names = templates.map(({ name }) => name)

/** `dewar new NAME` */
export const newApp: Command = {
  name: 'new',
  does: 'Makes a new app in a folder of its own, with tests, a Dockerfile and a fresh secret.',
  usages: ['NAME'],
  operands: [{ name: 'NAME', about: 'what the app and its folder are called, as shop' }],
  options: {
    template: { value: 'TEMPLATE', about: `what it begins with: ${listed(names)}. Default: ${plain.name}` },
  },
  example: 'dewar new shop --template checkout',
  async run(given) {
    const [name, template] = [given.operand('NAME'), templateOf(given.option('template') ?? plain.name)]
    const fault = faultOfName(name)
    if (fault !== null) throw new WrongUse(fault)
    writeFolder(name, filesOf(template, { name, dewar: dewarRange(resolve(name)) }))
    return report(name, template)
  },
}

function templateOf(asked: string): Template {
  const template = templates.find(({ name }) => name === asked)
  if (template !== undefined) return template
  throw new WrongUse(`--template is ${JSON.stringify(asked)}; it may be ${listed(names)}.`)
}

function report(name: string, template: Template): string {
  const others = names.filter((other) => other !== template.name).map((other) => `--template ${other}`)
  return `Made ${name} from the template ${template.name}, with a fresh secret in ${name}/.env. Next:

  cd ${name}
  npm install
  npm run dev

Other templates: ${listed(others)}.`
}

/** `a, b or c` */
function listed(texts: readonly string[]): string {
  return texts.join(', ').replace(/, ([^,]*)$/, ' or $1')
}
