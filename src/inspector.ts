export { inspector } from './inspector/inspector.ts'
