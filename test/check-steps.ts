/** What `make check` looks at before it runs the unit tests; each command exits 0 when it finds nothing. */
export const checkSteps: { name: string; command: [string, ...string[]] }[] = [
  { name: "format", command: ["prettier", "--check", "--log-level", "warn", "."] },
  { name: "types", command: ["tsc", "--noEmit"] },
  { name: "types of the console", command: ["tsc", "--noEmit", "--project", "console"] },
  { name: "lint", command: ["eslint", "."] },
  {
    name: "boundaries",
    command: [
      "depcruise",
      "--config",
      ".dependency-cruiser.cjs",
      "--output-type",
      "err",
      ".",
      "--exclude",
      "node_modules|dist",
    ],
  },
  { name: "generated files", command: ["node", "test/generated-is-current.ts"] },
  { name: "runbooks", command: ["node", "docs/check-runbooks.ts"] },
  { name: "dead code", command: ["knip", "--no-progress"] },
];
