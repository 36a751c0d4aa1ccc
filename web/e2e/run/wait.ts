// Waiting for something to become true, never for time to pass.

// until asks again and again, and fails when it took longer than ms.
export async function until(what: string, ms: number, is: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + ms
  while (!(await is())) {
    if (performance.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`)
    await new Promise((again) => setTimeout(again, 25))
  }
}
