import type { Command, Option } from "commander";
import { isReason, reasons } from "../../crds/reasons.ts";
import { explainable } from "../explain.ts";
import type { Kind, KubeObject } from "../../kube/kube.ts";
import { releases, retainedVaults, servers, templates, tenants } from "../names.ts";
import type { Session } from "../session.ts";
import { type Candidate, contextNames, ownOrganizations, platformNames } from "./platform-names.ts";

const firstSentence = (text: string): string => text.split("; ")[0] ?? "";

const optionOf = (command: Command, word: string): Option | undefined => {
  for (let at: Command | null = command; at; at = at.parent) {
    const found = at.options.find((option) => option.long === word || option.short === word);
    if (found) return found;
  }
  return undefined;
};

const takesValue = (option: Option | undefined): option is Option =>
  option?.required === true || option?.optional === true;

const optionsOf = (command: Command): Candidate[] =>
  [...command.options, ...(command.parent ? rootOf(command).options : [])].flatMap(({ long, description }) =>
    !long ? [] : [{ word: long, about: description }],
  );

const rootOf = (command: Command): Command => (command.parent ? rootOf(command.parent) : command);

const words = (all: readonly string[]): Candidate[] => all.map((word) => ({ word, about: "" }));

const namesOf = async <T extends KubeObject>(session: Session, kind: Kind<T>, about: (object: T) => string) =>
  (await session.cluster().kube.list(kind)).map((object) => ({
    word: object.metadata?.name ?? "",
    about: about(object),
  }));

const live: Readonly<Record<string, (session: Session) => Promise<Candidate[]>>> = {
  tenant: (session) => namesOf(session, tenants, ({ spec }) => spec.organization.name),
  release: (session) => namesOf(session, releases, ({ spec }) => spec.version),
  server: (session) => namesOf(session, servers, ({ spec }) => spec.class),
  retained: (session) => namesOf(session, retainedVaults, ({ spec }) => spec.organization.name),
  doctor: (session) => namesOf(session, tenants, ({ spec }) => spec.organization.name),
  explain: () =>
    Promise.resolve(explainable.map((word) => ({ word, about: isReason(word) ? reasons[word].summary : "an alert" }))),
};

/** What the words before have led to, and the arguments among them. */
type Place = { command: Command; given: readonly string[]; pending: Option | undefined };

const placeOf = (program: Command, before: readonly string[]): Place =>
  before.reduce<Place>(
    ({ command, given, pending }, word) => {
      if (pending) return { command, given, pending: undefined };
      if (word.startsWith("-")) {
        const option = optionOf(command, word);
        return { command, given, pending: takesValue(option) ? option : undefined };
      }
      const below = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
      return below ? { command: below, given: [], pending } : { command, given: [...given, word], pending };
    },
    { command: program, given: [], pending: undefined },
  );

const valuesOf = async (session: Session, option: Option): Promise<Candidate[]> => {
  if (option.argChoices) return words(option.argChoices);
  const known = option.long === "--plan" || option.long === "--channel" ? option.long.slice(2) : undefined;
  if (option.long === "--api") return contextNames(session);
  if (option.long === "--as") return ownOrganizations(session, "collective");
  if (option.long === "--server") return (await live["server"]?.(session)) ?? [];
  if (option.long === "--restore-from") return (await live["retained"]?.(session)) ?? [];
  if (option.long === "--template") return namesOf(session, templates, ({ spec }) => spec.displayName);
  if (known === undefined) return [];
  const all = await session.cluster().kube.list(templates);
  const names = all.flatMap(({ spec }) => Object.keys(known === "plan" ? spec.plans : spec.channels));
  return words([...new Set(names)]);
};

const argumentsOf = async (session: Session, { command, given }: Place): Promise<Candidate[]> => {
  const [first] = command.registeredArguments;
  const argument = command.registeredArguments[given.length] ?? (first?.variadic ? first : undefined);
  if (!argument) return [];
  if (argument.argChoices) return words(argument.argChoices);
  const onPlatform = platformNames[argument.name()];
  if (onPlatform) return onPlatform(session, given);
  // A new tenant's name is the person's to find.
  if (command.name() === "create") return [];
  const noun = command.parent?.parent ? command.parent.name() : command.name();
  return (await live[noun]?.(session)) ?? [];
};

/** What may stand where the last of the words is, with a few words about each. */
export const candidates = async (
  program: Command,
  session: Session,
  typed: readonly string[],
): Promise<Candidate[]> => {
  const current = typed.at(-1) ?? "";
  const place = placeOf(program, typed.slice(0, -1));
  const { command, pending } = place;
  const all = pending
    ? await valuesOf(session, pending)
    : current.startsWith("-")
      ? optionsOf(command)
      : command.commands.length > 0
        ? command.commands.map((one) => ({ word: one.name(), about: one.description() }))
        : await argumentsOf(session, place);
  return all
    .filter(({ word }) => word.startsWith(current))
    .map(({ word, about }) => ({ word, about: firstSentence(about) }));
};
