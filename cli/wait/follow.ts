import type { Kind, KubeObject } from "../../kube/kube.ts";
import { createReflector } from "../../kube/reflector.ts";
import { tooLate, interrupted } from "../cli-error.ts";
import type { Session } from "../session.ts";
import { tellSteps } from "./tell-steps.ts";

/** What looking at an object found: `done`, or what to tell the person meanwhile; it throws to give up. */
export type Look<T> = (object: T | undefined) => { done: true } | { done: false; saying: string };

export type FollowOptions<T extends KubeObject> = {
  kind: Kind<T>;
  name: string;
  look: Look<T>;
  /** Milliseconds; Infinity waits for ever. */
  timeoutMs: number;
  /** What the person runs to look again, without the program's name. */
  again: string;
};

/**
 * Watches one object until `look` says that it is done, telling each new step with the seconds since the start on
 * standard error. Gives the object as it was last, undefined when it is gone.
 * @throws CliError after the timeout (6), at Ctrl-C (130), and whatever `look` throws
 */
export const follow = async <T extends KubeObject>(
  session: Session,
  { kind, name, look, timeoutMs, again }: FollowOptions<T>,
): Promise<T | undefined> => {
  const { timer, interrupt } = session;
  const steps = tellSteps(session);
  const end = Promise.withResolvers<T | undefined>();
  const judge = (object: T | undefined): void => {
    try {
      const seen = look(object);
      if (seen.done) {
        end.resolve(object);
        return;
      }
      steps.tell(seen.saying);
    } catch (error) {
      end.reject(error);
    }
  };
  const stop = (): void => end.reject(interrupted("Interrupted. The work goes on in the cluster.", { next: again }));
  const reflector = createReflector<T, T>({
    kube: session.cluster().kube,
    kind,
    fieldSelector: `metadata.name=${name}`,
    project: (object) => object,
    timer,
  });
  reflector.subscribe(({ now }) => judge(now));
  interrupt.addEventListener("abort", stop, { once: true });
  const last = () => (steps.last() === "" ? [] : [`Last seen: ${steps.last()}`]);
  const cancel = Number.isFinite(timeoutMs)
    ? timer.after(timeoutMs, () =>
        end.reject(
          tooLate(`"${name}" is not there yet after ${Math.round(timeoutMs / 1000)} s. The work goes on.`, {
            hints: last(),
            next: again,
          }),
        ),
      )
    : () => undefined;
  try {
    if (interrupt.aborted) stop();
    reflector.start();
    // An object that is not there makes no change to be told of.
    void reflector.whenSynced().then(
      () => reflector.size === 0 && judge(undefined),
      () => undefined,
    );
    return await end.promise;
  } finally {
    cancel();
    interrupt.removeEventListener("abort", stop);
    await reflector.stop();
  }
};
