// Pairing this phone, and ending it.
import { ask, type Reply } from './request.ts'
import type { Service, Study } from '../sync/wire.ts'

export type PairBody = {
  code: string
  platform: 'ios' | 'android' | 'other'
  display: 'browser' | 'standalone'
  shared_phone: boolean
  zone: string
  language: string
  app_version: string
  /** Who this phone was, while what it holds is locked: a code of somebody else is refused then. */
  device_id?: string
}
export type Paired = {
  device_id: string
  client_id: string
  epoch: string
  service: Service
  me: {
    preferred_name: string
    research?: 'yes' | 'no' | null
    research_contact?: 'yes' | 'no' | null
    studies?: Study[]
    language?: string
  }
}

export function pair(body: PairBody): Promise<Reply> {
  return ask('POST', '/api/v1/pair', body)
}

/** Who this phone is, and what the server holds about research. */
export function aboutMe(): Promise<Reply> {
  return ask('GET', '/api/v1/device', undefined, { patience: 8_000 })
}

export function installCode(): Promise<Reply> {
  return ask('POST', '/api/v1/device/install-code', {})
}

export function forget(unsent: number): Promise<Reply> {
  return ask('POST', '/api/v1/device/forget', { unsent }, { patience: 8_000 })
}

/** The service holds this key for this phone. */
export function holdKey(key: string): Promise<Reply> {
  return ask('PUT', '/api/v1/device/key', { key }, { patience: 8_000 })
}

/** The key it held for an earlier phone of the same person, after a new code. */
export function releaseKey(device_id: string): Promise<Reply> {
  return ask('POST', '/api/v1/device/key/release', { device_id })
}

/** Public: crisis numbers of the service, before anybody is signed in. */
export function service(): Promise<Reply> {
  return ask('GET', '/api/v1/service', undefined, { patience: 8_000 })
}
