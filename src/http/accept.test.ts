import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { prefersJson } from './accept.ts'

describe('a client is told in JSON', () => {
  for (const accept of [
    'application/json',
    'Application/JSON',
    'application/problem+json',
    'application/json, text/plain, */*',
    'application/json;q=0.9, text/html;q=0.8',
    'text/html; q=0.5,application/vnd.api+json; version=1',
    'text/html;q=0, application/json;q=0.1',
    'application/json;q=broken',
  ]) {
    it(`that says ${accept}`, () => assert.equal(prefersJson(accept), true))
  }
})

describe('a client is told in HTML', () => {
  for (const accept of [
    null,
    '',
    '*/*',
    'text/html',
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'application/json, text/html',
    'text/html;q=0.9, application/json;q=0.9',
    'application/xhtml+xml, application/json;q=0.9',
    'application/json;q=0',
    'application/jsonp',
    'text/plain; x=application/json',
    'json',
  ]) {
    it(`that says ${accept}`, () => assert.equal(prefersJson(accept), false))
  }
})
