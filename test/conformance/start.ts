import { mkdirSync, rmSync } from 'node:fs'
import { DewarError } from 'dewar'
import { serve } from 'dewar/node'
import { createApp } from './create-app.ts'
import { readSettings, SettingRefused } from './settings.ts'

try {
  const settings = readSettings(process.env)
  const { port, trustedProxies, uploadFolder, temporaryFolder } = settings
  if (!process.env.UPLOAD_DIR) process.on('exit', () => rmSync(uploadFolder, { recursive: true, force: true }))
  mkdirSync(temporaryFolder, { recursive: true })
  await serve(await createApp(settings), { host: '127.0.0.1', port, trustProxy: trustedProxies || false })
} catch (error) {
  if (!(error instanceof SettingRefused || error instanceof DewarError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
