import { InvalidArgumentError } from "commander";

const form = /^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/;

/** Milliseconds of `90s`, `5m`, `1h30m`; `0s` is none. An option's parser: it throws what commander shows. */
export const parseDuration = (text: string): number => {
  const parts = form.exec(text);
  if (text === "" || !parts)
    throw new InvalidArgumentError("Write hours, minutes and seconds, for example 90s, 5m or 1h30m.");
  const [, hours = 0, minutes = 0, seconds = 0] = parts;
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
};
