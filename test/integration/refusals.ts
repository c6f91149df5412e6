import { expect } from "@jest/globals";
import type { ApiAnswer } from "../builders/an-api-client.ts";
import type { ControlApi } from "../builders/a-control-api.ts";
import { registryDigest } from "../isolation/registry/registry-digest.ts";

/** A refusal as clients can read it, which says nothing of our insides. */
export const expectProblem = ({ status, headers, body }: ApiAnswer, wanted: number | readonly number[]): void => {
  expect([wanted].flat()).toContain(status);
  expect(headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({ status, type: expect.any(String) as unknown, requestId: expect.any(String) as unknown });
  expect(JSON.stringify(body)).not.toMatch(/node_modules|insert into|select |\.ts:\d|at async/i);
};

/** `work` changes nothing in the registry. */
export const leavesUntouched = async ({ registry }: ControlApi, work: () => Promise<void>): Promise<void> => {
  const before = await registryDigest(registry);
  await work();
  expect(await registryDigest(registry)).toBe(before);
};
