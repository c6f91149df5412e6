import { AppError } from "../errors.ts";

/** The registry does not answer, or not as a registry does. */
export const registryAway = (cause?: unknown): AppError =>
  new AppError(
    {
      status: 503,
      code: "registry-away",
      title: "Polyphony does not answer",
      detail: "Logging in with Polyphony does not work right now. Try again in a moment, or have a login link mailed.",
      retryAfterSeconds: 10,
    },
    { cause },
  );

/** It answered, and what it said does not let anybody in. */
export const registryRefused = (cause?: unknown): AppError =>
  new AppError(
    {
      status: 403,
      code: "login-refused",
      title: "That login did not hold",
      detail: "It was used already, or took too long. Go to the front page and log in with Polyphony again.",
    },
    { cause },
  );

/** The answer does not fit a login that this browser began. */
export const notAskedHere = (): AppError =>
  new AppError({
    status: 400,
    code: "login-not-begun-here",
    title: "That login was not begun here",
    detail: "It was begun in another browser, or too long ago. Go to the front page and log in with Polyphony again.",
  });

/** The person has an account, but no place in this choir. */
export const notAMember = (): AppError =>
  new AppError({
    status: 403,
    code: "not-a-member",
    title: "You are not a member here",
    detail: "Your Polyphony account does not belong to this choir. Ask its owner or an admin to invite you.",
  });
