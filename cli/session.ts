import type { Timer } from "../kube/clock.ts";
import type { Kube } from "../kube/kube.ts";
import type { Api } from "./api/api.ts";

/** Where a command's words go, and what is known of the person in front of it. */
export type Terminal = {
  /** Data, and nothing else. */
  out: (text: string) => void;
  /** Progress, questions, warnings, errors. */
  err: (text: string) => void;
  /** Columns of standard output; Infinity when it is not a terminal. */
  readonly width: number;
  /** Whether standard output shows colours. */
  readonly colour: boolean;
  /** Somebody is there to answer. */
  readonly interactive: boolean;
  /** Asks on standard error and gives the answer's line. */
  ask: (question: string) => Promise<string>;
};

/** One cluster, as --kubeconfig and --context chose it. */
export type Cluster = {
  readonly kube: Kube;
  /** For messages: the context and the server's address. */
  readonly called: string;
  /** Arguments that make kubectl ask the same cluster. */
  readonly kubectlArguments: readonly string[];
  /** What the API server answers at a path, as text: health, metrics. */
  readonly text: (path: string, signal?: AbortSignal) => Promise<string>;
  /** The same, line by line while it comes: logs. */
  readonly lines: (path: string, signal?: AbortSignal) => AsyncIterable<string>;
  readonly close: () => void;
};

/** One control API, as --api, $POLYPHONY_API or the current context chose it. */
export type Platform = {
  readonly api: Api;
  /** Without a slash at the end. */
  readonly address: string;
  /** The context under which its login is kept, if there is one. */
  readonly context: string | undefined;
};

/** As the global fetch, as far as we need it; it follows no redirect. */
export type Fetch = (
  url: string,
  options?: {
    method?: string;
    headers?: Readonly<Record<string, string>>;
    body?: string;
    signal?: AbortSignal;
  },
) => Promise<Response>;

export type RunOptions = {
  env?: Readonly<Record<string, string>>;
  folder?: string;
};

/** What a visitor's browser would get at an address: the status, or why there is none. */
export type Visit = { status: number } | { trouble: string };

/** A program that runs beside the command until it is stopped. */
export type Companion = {
  /** Resolves with the first line of its output that matches, rejects when it ends before. */
  line: (pattern: RegExp) => Promise<RegExpExecArray>;
  stop: () => Promise<void>;
};

/** All that a command may touch of the world; the tests put a fake in each place. */
export type World = {
  readonly terminal: Terminal;
  readonly timer: Timer;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As the person typed it: `polyphony` or `kubectl polyphony`. */
  readonly program: string;
  /** The folder in which the command was given. */
  readonly folder: string;
  /** Aborted by Ctrl-C. */
  readonly interrupt: AbortSignal;
  readonly connect: (options: ConnectOptions) => Cluster;
  /** Runs a program on this terminal and gives its exit code; 127 when there is no such program. */
  readonly run: (program: string, args: readonly string[], options?: RunOptions) => Promise<number>;
  readonly startCompanion: (program: string, args: readonly string[]) => Companion;
  readonly visit: (url: string) => Promise<Visit>;
  readonly fetch: Fetch;
};

/** What chooses a cluster and a platform on the command line. */
export type ConnectOptions = { kubeconfig?: string; context?: string; api?: string };

/** The world of one command line, with the cluster and the platform that it chose. */
export type Session = World & {
  /** Connects at the first call. */
  readonly cluster: () => Cluster;
  /** Read anew at the first call. @throws CliError (4) when none is known */
  readonly platform: () => Platform;
};
