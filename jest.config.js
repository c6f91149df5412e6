// One jest configuration, a project per suite. Unit tests sit beside their source; the rest lives under test/.
const base = {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        jsc: { parser: { syntax: "typescript" }, target: "es2024", experimental: { keepImportAttributes: true } },
        module: { type: "es6" },
      },
    ],
  },
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
};

const suite = (displayName, testMatch, extra = {}) => ({ ...base, displayName, testMatch, ...extra });

export default {
  // A test that hangs is ended; none is judged by its time. A slow machine is no failure.
  testTimeout: 120_000,
  projects: [
    suite("unit", [
      "<rootDir>/{kube,crds,operator,gateway,vault-template,cluster,control-api,console,cli,charts,docs}/**/*.test.ts",
      "<rootDir>/test/{unit,stand-ins,builders}/**/*.test.ts",
    ]),
    suite("integration", ["<rootDir>/test/integration/**/*.test.ts"], {
      globalSetup: "<rootDir>/test/harness/global-setup.mjs",
      globalTeardown: "<rootDir>/test/harness/global-teardown.mjs",
    }),
    suite("e2e", ["<rootDir>/test/{e2e,isolation}/**/*.test.ts"]),
  ],
};
