/** Runs a command's work; an error becomes its message on standard error and exit code 1 (its stack too with DEBUG=1). */
export async function runMain(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const said = error instanceof Error ? (process.env["DEBUG"] ? error.stack : error.message) : String(error);
    process.stderr.write(`${said ?? ""}\n`);
    process.exitCode = 1;
  }
}
