// Counts a test runner's results, which it reads from its input, and adds to the
// file TICKROOM_TALLY a line for each test that failed, and one for all others:
// passed, failed, name.
//
//   go test -json ./... | node count.mjs go NAME      (and prints what people want to read of it)
//   node count.mjs vitest NAME <report.json
//
// A package or file that could not even be built or loaded is one that failed.

import { appendFileSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const [, , runner, name] = process.argv

async function countGo() {
  let passed = 0
  const output = new Map() // of tests that run, by package and test
  const failures = [] // names of what failed
  const failedIn = new Set() // packages with a test that failed
  const key = (e) => `${e.Package} ${e.Test ?? ''}`

  for await (const line of createInterface({ input: process.stdin })) {
    let e
    try {
      e = JSON.parse(line)
    } catch {
      console.log(line) // go itself said something
      continue
    }
    switch (e.Action) {
      case 'build-output':
        process.stdout.write(e.Output)
        break
      case 'output':
        output.set(key(e), (output.get(key(e)) ?? '') + e.Output)
        break
      case 'pass':
      case 'fail':
      case 'skip': {
        const said = output.get(key(e)) ?? ''
        output.delete(key(e))
        if (e.Action !== 'pass' || !e.Test) process.stdout.write(said.replace(/^PASS\n/m, ''))
        if (e.Test) {
          if (e.Action === 'pass') passed++
          if (e.Action === 'fail') (failures.push(key(e)), failedIn.add(e.Package))
        } else if (e.Action === 'fail' && !failedIn.has(e.Package)) {
          failures.push(e.Package)
        }
      }
    }
  }
  return { passed, failures }
}

function countVitest() {
  const report = JSON.parse(readFileSync(0, 'utf8'))
  const failures = report.testResults.flatMap(({ name: file, status, assertionResults: tests }) => {
    const failed = tests.filter((t) => t.status === 'failed').map((t) => `${file}: ${t.fullName}`)
    return failed.length === 0 && status === 'failed' ? [file] : failed // one that could not be loaded has no tests
  })
  return { passed: report.numPassedTests, failures }
}

let counted = { passed: 0, failures: ['no readable result'] }
try {
  counted = runner === 'go' ? await countGo() : countVitest()
  if (counted.passed + counted.failures.length === 0) counted.failures = ['no test at all']
} finally {
  const lines = [`${counted.passed} 0 ${name}`, ...counted.failures.map((what) => `0 1 ${name}: ${what}`)]
  appendFileSync(process.env.TICKROOM_TALLY, lines.map((line) => `${line}\n`).join(''))
}
