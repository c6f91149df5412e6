import type { Command } from "commander";
import { getMe, logOut as endSession } from "../../control-api/contract/login.ts";
import { type Api, createApi } from "../api/api.ts";
import { wrongUsage } from "../cli-error.ts";
import type { ConnectOptions, Session } from "../session.ts";
import { type Chosen, chooseContext, findContext } from "./choose-context.ts";
import { changeContext, type Context, readContexts, type Tokens, writeContexts } from "./contexts.ts";
import { deviceLogin } from "./device-login.ts";
import { findLoginServer } from "./login-server.ts";

type LoginOptions = { name?: string; browser: boolean };

/** A new context is called after its host. */
const nameFor = ({ name, context }: Chosen, wanted: string | undefined): string =>
  wanted ?? name ?? new URL(context.api).host;

const chosenBy = (session: Session, asked: string | undefined): Chosen => {
  const { env } = session;
  return asked === undefined ? chooseContext(undefined, env) : findContext(env, asked);
};

/** The API asked with just these tokens, not with what is kept or in the environment. */
const apiAs = ({ fetch, interrupt }: Session, address: string, { access }: Tokens): Api =>
  createApi({
    address,
    fetch,
    interrupt,
    token: () => Promise.resolve(access),
    renew: () => Promise.resolve(undefined),
    loginAdvice: { hints: ["The login was given, and the API does not take it."] },
  });

const keep = ({ env }: Session, name: string, api: string, tokens: Tokens): void => {
  const all = readContexts(env);
  writeContexts(env, { current: name, contexts: { ...all.contexts, [name]: { api, tokens } } });
};

const logIn = async (session: Session, asked: string | undefined, { name, browser }: LoginOptions): Promise<void> => {
  const { terminal, timer, env, fetch } = session;
  const chosen = chosenBy(session, asked);
  const { api } = chosen.context;
  const server = await findLoginServer(api, fetch, () => timer.now());
  const tokens = await deviceLogin(session, server, browser);
  const me = await apiAs(session, api, tokens).call(getMe, {});
  const context = nameFor(chosen, name);
  keep(session, context, api, tokens);
  terminal.err(`You are ${me.name} <${me.email}> at ${api} (context ${context}).\n`);
  if (env["POLYPHONY_TOKEN"])
    terminal.err("POLYPHONY_TOKEN is set, so its token is sent instead of this login until you unset it.\n");
};

/** Ends the login there: its session, and the tokens that came of it. Whether it was told. */
const endThere = async (session: Session, { api, tokens }: Context): Promise<boolean> => {
  const { timer, fetch } = session;
  if (!tokens) return true;
  const ends = [
    apiAs(session, api, tokens).call(endSession, {}),
    findLoginServer(api, fetch, () => timer.now()).then((server) => server.revoke(tokens.refresh ?? tokens.access)),
  ];
  return (await Promise.allSettled(ends)).some(({ status }) => status === "fulfilled");
};

const logOut = async (session: Session, asked: string | undefined): Promise<void> => {
  const { terminal, env } = session;
  const { name, context } = chooseContext(asked, env);
  if (name === undefined || !context.tokens) {
    terminal.err(`You are not logged in at ${context.api}.\n`);
    return;
  }
  const isEnded = await endThere(session, context);
  changeContext(env, name, () => ({ api: context.api }));
  terminal.err(`You are logged out of ${context.api} (context ${name}).\n`);
  if (!isEnded)
    terminal.err(
      "It did not answer, so the login is only forgotten here; end it there under your account's sessions.\n",
    );
};

/** `login` and `logout`. */
export const addLogin = (program: Command, session: Session): void => {
  program
    .command("login")
    .description("log in to a platform through a browser, on this or another machine")
    .argument("[address]", "the console's address, or a context's name; the current context when left out")
    .option("--name <context>", "what to call the context; its host when left out")
    .option("--no-browser", "only print the address to open")
    .action((asked: string | undefined, options: LoginOptions) => {
      const { api } = program.opts<ConnectOptions>();
      if (asked !== undefined && api !== undefined && asked !== api)
        throw wrongUsage("Two addresses were given.", { hints: [`${asked} and --api ${api}: say one.`] });
      return logIn(session, asked ?? api, options);
    });
  program
    .command("logout")
    .description("end the login of the current context, here and there")
    .action(() => logOut(session, program.opts<ConnectOptions>().api));
};
