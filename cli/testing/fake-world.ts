import { createFakeKube, type FakeKube } from "../../kube/fake-kube.ts";
import { fakeTimer, type FakeTimer } from "../../kube/fake-timer.ts";
import { NotFoundError } from "../../kube/errors.ts";
import { fieldManager } from "../names.ts";
import { runCli } from "../run-cli.ts";
import type { Companion, Fetch, Visit, World } from "../session.ts";

/** A program that a command ran. */
export type Ran = { program: string; args: readonly string[]; env: Readonly<Record<string, string>> };

export type FakeWorldOptions = {
  width?: number;
  colour?: boolean;
  /** What the person types, question by question; without it nobody is there. */
  answers?: string[];
  env?: Record<string, string>;
  folder?: string;
  program?: string;
  /** What the API server answers at a path. */
  texts?: Record<string, string>;
  visits?: Record<string, Visit>;
  /** What a program that runs does; its exit code. */
  run?: (ran: Ran) => number;
  /** The first line of a companion that matches, or why it ended. */
  companion?: string | Error;
  /** What answers on the network; without it nothing does. */
  fetch?: Fetch;
};

/** A command line in a world of memory, and what came of it. */
export type FakeWorld = {
  kube: FakeKube;
  timer: FakeTimer;
  ran: Ran[];
  /** Presses Ctrl-C. */
  interrupt: () => void;
  /** Runs a command line to its end. Meanwhile time passes, and `meanwhile` can be the operator. */
  polyphony: (args: readonly string[], meanwhile?: () => Promise<void>) => Promise<Outcome>;
};
export type Outcome = { code: number; out: string; err: string };

const companionOf = (said: string | Error | undefined, ran: Ran[]): Companion => ({
  line: (pattern) => {
    const found = typeof said === "string" ? pattern.exec(said) : null;
    return found ? Promise.resolve(found) : Promise.reject(said instanceof Error ? said : new Error("it ended"));
  },
  stop: () => {
    ran.push({ program: "stop", args: [], env: {} });
    return Promise.resolve();
  },
});

const counted = (): (() => string) => {
  let count = 0;
  return () => {
    count += 1;
    return `00000000-0000-4000-8000-${String(count).padStart(12, "0")}`;
  };
};

/** Time that passes while a command runs, in steps, until it has ended. */
const passTime = async (timer: FakeTimer, ended: () => boolean): Promise<void> => {
  for (let step = 0; step < 2_000 && !ended(); step += 1) await timer.advance(500);
};

export const createFakeWorld = (options: FakeWorldOptions = {}): FakeWorld => {
  const timer = fakeTimer();
  const kube = createFakeKube({ timer, fieldManager, uid: counted() });
  const interruption = new AbortController();
  const ran: Ran[] = [];
  const answers = [...(options.answers ?? [])];
  const said = { out: "", err: "" };
  const textAt = (path: string): Promise<string> => {
    const found = options.texts?.[path];
    return found === undefined
      ? Promise.reject(new NotFoundError({ verb: "get", kind: path }, "nothing is there", false))
      : Promise.resolve(found);
  };
  const world: World = {
    terminal: {
      out: (text) => void (said.out += text),
      err: (text) => void (said.err += text),
      width: options.width ?? Number.POSITIVE_INFINITY,
      colour: options.colour ?? false,
      interactive: options.answers !== undefined,
      ask: (question) => {
        const answer = answers.shift() ?? "";
        said.err += `${question}${answer}\n`;
        return Promise.resolve(answer);
      },
    },
    timer,
    // Not the contexts of whoever runs the tests.
    env: { XDG_CONFIG_HOME: "/nowhere", ...options.env },
    program: options.program ?? "polyphony",
    folder: options.folder ?? "/",
    interrupt: interruption.signal,
    connect: () => ({
      kube,
      called: "the fake",
      kubectlArguments: ["--kubeconfig", "fake"],
      text: textAt,
      lines: async function* (path) {
        yield* (await textAt(path)).split("\n");
      },
      close: () => undefined,
    }),
    run: (program, args, { env = {} } = {}) => {
      const one = { program, args, env };
      ran.push(one);
      return Promise.resolve(options.run?.(one) ?? 0);
    },
    startCompanion: (program, args) => {
      ran.push({ program, args, env: {} });
      return companionOf(options.companion, ran);
    },
    visit: (url) => Promise.resolve(options.visits?.[url] ?? { trouble: "connect ECONNREFUSED 127.0.0.1:8080" }),
    fetch: options.fetch ?? (() => Promise.reject(new Error("connect ECONNREFUSED 127.0.0.1:8080"))),
  };
  return {
    kube,
    timer,
    ran,
    interrupt: () => interruption.abort(),
    polyphony: async (args, meanwhile) => {
      said.out = said.err = "";
      let ended = false;
      const running = runCli(args, world).finally(() => (ended = true));
      await timer.settle();
      await meanwhile?.();
      await passTime(timer, () => ended);
      return { code: await running, ...said };
    },
  };
};
