import { Button } from "@mantine/core";
import type { ApiProblem } from "../api/api-problem.ts";
import { ProblemNotice } from "./problem-notice.tsx";

export interface ActButtonProps {
  readonly label: string;
  /** To whom or what it is done: for those who hear the button without its row. */
  readonly to?: string;
  readonly work: { readonly isPending: boolean; readonly error: ApiProblem | null };
  readonly onAct: () => void;
  readonly variant?: "filled" | "default";
}

/** A small button that changes something at once, and says below itself when that did not work. */
export const ActButton = ({ label, to, work, onAct, variant = "default" }: ActButtonProps) => (
  <>
    <Button
      size="sm"
      variant={variant}
      loading={work.isPending}
      onClick={onAct}
      {...(to === undefined ? {} : { "aria-label": `${label}: ${to}` })}
    >
      {label}
    </Button>
    {work.error && <ProblemNotice problem={work.error} />}
  </>
);
