import { describe, expect, it } from 'vitest'
import { completePlatforms, missingPlatforms, platformOf } from './platforms.mjs'

const biome = { version: '2.0.0', dev: true, optionalDependencies: { '@b/cli-linux-x64': '2.0.0', '@b/cli-darwin-arm64': '2.0.0' } }
const packages = { '': {}, 'node_modules/@b/biome': biome, 'node_modules/@b/cli-linux-x64': { version: '2.0.0', optional: true } }

describe('missingPlatforms', () => {
  it('names what the lock file does not hold, in the folder itself or above', () => {
    expect(missingPlatforms(packages)).toEqual([{ by: 'node_modules/@b/biome', name: '@b/cli-darwin-arm64', version: '2.0.0' }])
    const below = { 'node_modules/a': { optionalDependencies: { b: '1.0.0' } }, 'node_modules/a/node_modules/b': { version: '1.0.0' } }
    expect(missingPlatforms(below)).toEqual([])
    expect(missingPlatforms({ ...below, 'node_modules/c': { optionalDependencies: { b: '1.0.0' } } })).toHaveLength(1)
  })
})

describe('completePlatforms', () => {
  it('adds the entries, in order, and then nothing more', () => {
    const complete = completePlatforms(packages)
    expect(Object.keys(complete)).toEqual([
      '',
      'node_modules/@b/biome',
      'node_modules/@b/cli-darwin-arm64',
      'node_modules/@b/cli-linux-x64',
    ])
    expect(complete['node_modules/@b/cli-darwin-arm64']).toEqual({
      version: '2.0.0',
      os: ['darwin'],
      cpu: ['arm64'],
      dev: true,
      optional: true,
    })
    expect(completePlatforms(complete)).toEqual(complete)
  })

  it('does not guess', () => {
    expect(() => completePlatforms({ 'node_modules/a': { optionalDependencies: { speedups: '1.0.0' } } })).toThrow('speedups')
    expect(() =>
      completePlatforms({ 'node_modules/a': biome, 'node_modules/c': { optionalDependencies: { '@b/cli-darwin-arm64': '3.0.0' } } }),
    ).toThrow('two versions')
  })
})

describe('platformOf', () => {
  it.each([
    ['@rollup/rollup-linux-arm-musleabihf', { os: ['linux'], cpu: ['arm'], libc: ['musl'] }],
    ['@rollup/rollup-linux-x64-gnu', { os: ['linux'], cpu: ['x64'], libc: ['glibc'] }],
    ['@rollup/rollup-win32-x64-gnu', { os: ['win32'], cpu: ['x64'] }],
    ['@oxc-parser/binding-android-arm-eabi', { os: ['android'], cpu: ['arm'] }],
    ['@biomejs/cli-linux-x64', { os: ['linux'], cpu: ['x64'] }],
  ])('reads %s', (name, platform) => {
    expect(platformOf(name)).toEqual(platform)
  })
})
