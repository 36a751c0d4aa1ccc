// Counts a test runner's results, which it reads from its input, and adds a
// line to the file TICKROOM_TALLY: passed, failed, name.
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
  let failed = 0
  const output = new Map() // of tests that run, by package and test
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
          if (e.Action === 'fail') (failed++, failedIn.add(e.Package))
        } else if (e.Action === 'fail' && !failedIn.has(e.Package)) {
          failed++
        }
      }
    }
  }
  return [passed, failed]
}

function countVitest() {
  const report = JSON.parse(readFileSync(0, 'utf8'))
  const broken = report.testResults.filter((f) => f.status === 'failed' && f.assertionResults.length === 0)
  return [report.numPassedTests, report.numFailedTests + broken.length]
}

let counts = [0, 1] // no readable result is a failure
try {
  counts = runner === 'go' ? await countGo() : countVitest()
  if (counts[0] + counts[1] === 0) counts = [0, 1] // and so is no test at all
} finally {
  appendFileSync(process.env.TICKROOM_TALLY, `${counts[0]} ${counts[1]} ${name}\n`)
}
