const given = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: the suite's global setup does it, or node test/harness/run.ts`);
  return value;
};

/** What was started for the suites of this run (test-services.ts): each is asked for when it is needed. */
export const started = {
  /** A file for kubectl, as the API server's administrator. */
  kubeconfig: () => given("POLYPHONY_TEST_KUBECONFIG"),
  /** PostgreSQL 15, as its superuser. */
  adminUrl: () => given("POLYPHONY_TEST_PG_ADMIN_URL"),
  /** PostgreSQL 15, as the operator's role. */
  operatorUrl: () => given("POLYPHONY_TEST_PG_OPERATOR_URL"),
};
